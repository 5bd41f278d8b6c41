import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { PixelStatistics } from '../../../src-shared/domain/pipeline/hints.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { applyPipeline } from '../../imaging/apply-pipeline.ts';
import { decodeImage } from '../../imaging/decode.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { viewsOf } from '../../imaging/step.ts';

/**
 * Mean and standard deviation of each channel over all pixels of the pictures as the steps before ToTensor make them, in [0, 1]. Pictures that
 * cannot be read, or that the steps cannot take, are left out; null without any.
 */
export async function measureStatistics(
  paths: readonly string[],
  steps: readonly ResolvedStep[],
): Promise<PixelStatistics | null> {
  const sums: Triple = [0, 0, 0];
  const squares: Triple = [0, 0, 0];
  let pixelCount = 0;
  let imageCount = 0;
  for (const path of paths) {
    const views = await readViews(path, steps);
    if (views.length === 0) continue;
    for (const view of views) {
      addPixels(view, sums, squares);
      pixelCount += view.width * view.height;
    }
    imageCount += 1;
  }
  if (imageCount === 0) return null;
  const mean = mapTriple(sums, (sum) => sum / pixelCount);
  const std = mapTriple(squares, (square, channel) => Math.sqrt(Math.max(0, square / pixelCount - mean[channel] ** 2)));
  return { imageCount, mean, std };
}

type Triple = [number, number, number];
type Channel = 0 | 1 | 2;

/** The picture as the steps make it, all views of it; none where it cannot be read or run. */
async function readViews(path: string, steps: readonly ResolvedStep[]): Promise<readonly RgbImage[]> {
  try {
    const views = viewsOf(applyPipeline(await decodeImage(path), steps, 0));
    return views.flatMap((view) => (view.type === 'picture' ? [view.image] : []));
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

function addPixels({ data }: RgbImage, sums: Triple, squares: Triple): void {
  for (let pixel = 0; pixel < data.length; pixel += 3) {
    for (const channel of [0, 1, 2] as const) {
      const value = (data[pixel + channel] ?? 0) / 255;
      sums[channel] += value;
      squares[channel] += value * value;
    }
  }
}

function mapTriple(values: Triple, map: (value: number, channel: Channel) => number): Triple {
  return [map(values[0], 0), map(values[1], 1), map(values[2], 2)];
}
