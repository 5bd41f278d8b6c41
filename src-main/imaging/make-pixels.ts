import path from 'node:path';
import { applyPipeline } from './apply-pipeline.ts';
import { borrowPictures } from './assembly/kernel-instance.ts';
import { readKeptPictureSync, writeKeptPictureSync } from './kept-pictures.ts';
import { coinsOf, cutSteps, placeOfToss, withTosses } from './kept-steps.ts';
import type { ImageSize, ImageTensor, RgbImage } from './kernels/rgb-image.ts';
import type { PictureWork } from './pipeline-messages.ts';
import { useForSteps } from './shrink-on-load.ts';
import { randomOfStep, tensorsOf, tossCoin, type TakeNumbers } from './step.ts';

/** What a network reads, and how many bytes were kept for the next time: null where they could not be written. */
export interface MadePixels {
  /** One a view. */
  readonly tensors: readonly ImageTensor[];
  readonly keptBytes: number | null;
}

/** What the decoder alone made is kept between these numbers of pixels: below decoding is as fast, above reading takes too much of a disk. */
const decodedToKeep = { least: 64 * 64, most: 600 * 600 };

/**
 * Reads a picture and runs its pipeline. The same picture, steps and seed give the same numbers, whether or not anything was kept.
 * `takeNumbers` gives memory for the result, all of which is overwritten.
 *
 * Throws an AppError that names what cannot be read or run.
 */
export async function makePixels(
  { task, steps, keep }: PictureWork,
  takeNumbers: TakeNumbers = (length) => new Float32Array(length),
): Promise<MadePixels> {
  if (!keep) {
    const tensors = await useForSteps(task.path, steps, (decoded) =>
      tensorsOf(applyPipeline(decoded.image, decoded.steps, task.seed, { takeNumbers })),
    );
    return { tensors, keptBytes: 0 };
  }
  const { kept, rest } = cutSteps(steps);
  const tosses = coinsOf(kept).map((coin) => tossCoin(coin.parameters, randomOfStep(task.seed, coin)));
  const file = path.join(keep.folder, `${task.imageId}.${placeOfToss(tosses)}`);
  const finish = (picture: RgbImage): readonly ImageTensor[] =>
    tensorsOf(applyPipeline(picture, rest, task.seed, { firstIndex: kept.length, takeNumbers }));
  const known = readKeptPictureSync(file);
  if (known) return { tensors: borrowPictures(() => finish(known)), keptBytes: 0 };
  return useForSteps(task.path, steps, (decoded) => {
    // Nothing is left to chance, whatever the seed.
    const value = applyPipeline(decoded.image, withTosses(decoded.steps.slice(0, kept.length), tosses), 0);
    if (value.type !== 'picture') throw new Error('Steps that are kept make pictures');
    const isKept = keep.mayWrite && isWorthKeeping(value.image, decoded.fullSize, kept.length === 0);
    return { tensors: finish(value.image), keptBytes: isKept ? writeKeptPictureSync(file, value.image) : 0 };
  });
}

function isWorthKeeping({ width, height }: RgbImage, full: ImageSize, isDecodedOnly: boolean): boolean {
  const count = width * height;
  return isDecodedOnly ? count >= decodedToKeep.least && count <= decodedToKeep.most : count < full.width * full.height;
}
