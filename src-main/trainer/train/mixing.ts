import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { drawBeta } from './beta.ts';

/** A batch, row by row; mixing changes both arrays in place. */
export interface MixableBatch {
  readonly values: Float32Array;
  /** One-hot rows, [images, classes]. */
  readonly labels: Float32Array;
  readonly count: number;
  /** [height, width, channels] of an image; null where rows are features and have no places. */
  readonly imageShape: readonly number[] | null;
}

/**
 * Blends each image of a batch with the one before it, and their labels in the same proportion; false when nothing was done.
 *
 * torchvision.transforms.v2's MixUp and CutMix: one proportion a batch, from Beta(α, α).
 */
export function mixBatch(batch: MixableBatch, mixing: NonNullable<Recipe['mixing']>, random: Random): boolean {
  const proportion = drawBeta(random, mixing.alpha);
  if (mixing.kind === 'mixup') {
    blendWithPrevious(batch.values, batch.count, proportion);
    blendWithPrevious(batch.labels, batch.count, proportion);
    return true;
  }
  if (!batch.imageShape) return false;
  const [height = 0, width = 0, channels = 0] = batch.imageShape;
  const box = drawBox({ height, width }, proportion, random);
  pasteFromPrevious(batch.values, batch.count, [width, channels], box);
  const pasted = (box.right - box.left) * (box.bottom - box.top);
  blendWithPrevious(batch.labels, batch.count, 1 - pasted / (width * height));
  return true;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** CutMix._get_params: a box about a random pixel that has 1 − proportion of the area, cut off at the edges. */
function drawBox({ height, width }: { height: number; width: number }, proportion: number, random: Random): Box {
  const [x, y] = [random.integer(width), random.integer(height)];
  const half = 0.5 * Math.sqrt(1 - proportion);
  const [halfWidth, halfHeight] = [Math.trunc(half * width), Math.trunc(half * height)];
  return {
    left: Math.max(0, x - halfWidth),
    right: Math.min(width, x + halfWidth),
    top: Math.max(0, y - halfHeight),
    bottom: Math.min(height, y + halfHeight),
  };
}

/** row · proportion + row before it · (1 − proportion); the row before the first is the last. */
function blendWithPrevious(values: Float32Array, count: number, proportion: number): void {
  changeByPrevious(values, count, (row, previous) => {
    for (let index = 0; index < row.length; index += 1) {
      row[index] = (row[index] ?? 0) * proportion + (previous[index] ?? 0) * (1 - proportion);
    }
  });
}

function pasteFromPrevious(
  values: Float32Array,
  count: number,
  [width, channels]: readonly [number, number],
  { left, right, top, bottom }: Box,
): void {
  changeByPrevious(values, count, (row, previous) => {
    for (let y = top; y < bottom; y += 1) {
      const [start, end] = [(y * width + left) * channels, (y * width + right) * channels];
      row.set(previous.subarray(start, end), start);
    }
  });
}

/** Calls `change` for each row with the row before it as it was; from the last to the first, so that only one row is copied. */
function changeByPrevious(
  values: Float32Array,
  count: number,
  change: (row: Float32Array, previous: Float32Array) => void,
): void {
  const rowAt = (index: number): Float32Array =>
    values.subarray((index * values.length) / count, ((index + 1) * values.length) / count);
  const last = rowAt(count - 1).slice();
  for (let index = count - 1; index >= 0; index -= 1) change(rowAt(index), index > 0 ? rowAt(index - 1) : last);
}
