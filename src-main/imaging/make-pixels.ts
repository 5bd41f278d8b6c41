import path from 'node:path';
import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { applyPipeline } from './apply-pipeline.ts';
import { decodeImage } from './decode.ts';
import { readKeptPicture, writeKeptPictures } from './kept-pictures.ts';
import { allTosses, coinsOf, cutSteps, withTosses } from './kept-steps.ts';
import type { ImageTensor, RgbImage } from './kernels/rgb-image.ts';
import type { PictureWork } from './pipeline-messages.ts';
import { randomOfStep, tensorsOf, tossCoin, type PictureSeed } from './step.ts';

/** What a network reads, and how many bytes were kept for the next time: null where they could not be written. */
export interface MadePixels {
  /** One a view. */
  readonly tensors: readonly ImageTensor[];
  readonly keptBytes: number | null;
}

/** A picture is kept when reading what its first steps make of it saves so many times the pixels. */
const leastShrinking = 4;

/**
 * Reads a picture and runs its pipeline. The same picture, steps and seed give the same numbers, whether or not anything was kept.
 *
 * Throws an AppError that names what cannot be read or run.
 */
export async function makePixels({ task, steps, keep }: PictureWork): Promise<MadePixels> {
  const { kept, rest } = cutSteps(steps);
  if (!keep || kept.length === 0) {
    return { tensors: tensorsOf(applyPipeline(await decodeImage(task.path), steps, task.seed)), keptBytes: 0 };
  }
  const file = path.join(keep.folder, task.imageId);
  const { picture, keptBytes } = await shrink(task.path, kept, task.seed, { file, mayWrite: keep.mayWrite });
  return { tensors: tensorsOf(applyPipeline(picture, rest, task.seed, kept.length)), keptBytes };
}

/** The picture after the steps worth keeping, from its file where that is there. */
async function shrink(
  source: string,
  steps: readonly ResolvedStep[],
  seed: PictureSeed,
  { file, mayWrite }: { readonly file: string; readonly mayWrite: boolean },
): Promise<{ readonly picture: RgbImage; readonly keptBytes: number | null }> {
  const tosses = coinsOf(steps).map((coin) => tossCoin(coin.parameters, randomOfStep(seed, coin)));
  const all = allTosses(tosses.length);
  const index = all.findIndex((each) => each.every((side, place) => side === tosses[place]));
  const known = await readKeptPicture(file, index, all.length);
  if (known) return { picture: known, keptBytes: 0 };
  const image = await decodeImage(source);
  const picture = runDecided(image, steps, tosses);
  const isWorthIt = image.width * image.height >= leastShrinking * picture.width * picture.height;
  if (!mayWrite || !isWorthIt) return { picture, keptBytes: 0 };
  const pictures = all.map((each, place) => (place === index ? picture : runDecided(image, steps, each)));
  return { picture, keptBytes: await writeKeptPictures(file, pictures) };
}

function runDecided(image: RgbImage, steps: readonly ResolvedStep[], tosses: readonly boolean[]): RgbImage {
  // Nothing is left to chance, whatever the seed.
  const value = applyPipeline(image, withTosses(steps, tosses), 0);
  if (value.type !== 'picture') throw new Error('Steps that are kept make pictures');
  return value.image;
}
