import path from 'node:path';
import { loadavg } from 'node:os';
import sharp from 'sharp';
import { presetLists } from '../../src-shared/domain/pipeline/presets.ts';
import { resolveSteps, type ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { PreviewRenderer } from '../../src-main/services/pipeline/preview-renderer.ts';
import { makePhotos } from './photos.ts';

const moves = 25;
const sampleCount = 16;

/** Moves the brightness of a list of seven steps as a slider does, and prints how long the pictures of the steps and the samples take. */
export async function measurePipelinePreview(folder: string): Promise<void> {
  const [photo] = await makePhotos(path.join(folder, 'preview'), { training: 1 });
  if (!photo) throw new Error('No picture was made');
  const small = path.join(folder, 'preview', 'small.jpg');
  await sharp(photo.path).resize(500, 375).jpeg({ quality: 90 }).toFile(small);
  await measure('500 × 375', small);
  await measure('12 megapixels', photo.path);
}

async function measure(name: string, file: string): Promise<void> {
  const renderer = new PreviewRenderer();
  const stepTimes: number[] = [];
  const sampleTimes: number[] = [];
  for (let move = 0; move <= moves; move += 1) {
    const steps = stepsWithBrightness(0.1 + move / 100);
    const startedMs = performance.now();
    await renderer.ask('preview', { path: file, steps, seed: 1 });
    stepTimes.push(performance.now() - startedMs);
    await renderer.ask('samples', { paths: Array<string>(sampleCount).fill(file), steps, seed: 1 });
    sampleTimes.push(performance.now() - startedMs);
  }
  await renderer.close();
  const [first = Number.NaN, ...moved] = stepTimes;
  console.log(
    `pipeline-preview: ${name}: first steps ${first.toFixed(0)} ms; then after each move steps ${median(moved)} ms, ${sampleCount} samples ${median(sampleTimes.slice(1))} ms (medians of ${moves}; load ${loadavg()[0]?.toFixed(1) ?? '?'})`,
  );
}

function stepsWithBrightness(brightness: number): readonly ResolvedStep[] {
  const training = presetLists('light').training.map((step) =>
    step.kind === 'ColorJitter' ? { ...step, parameters: { ...step.parameters, brightness } } : step,
  );
  const statistics = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;
  return resolveSteps(training, { inputSize: 224, ...statistics });
}

function median(values: readonly number[]): string {
  return (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(0);
}
