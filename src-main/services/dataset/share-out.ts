import { createHash } from 'node:crypto';
import type { Split, SplitRatios } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { PoolImage } from '../../storage/dataset-rows.ts';

export interface ShareOutRequest {
  /** The images that may be placed; those already shared out stay where they are and count. */
  readonly images: readonly PoolImage[];
  readonly ratios: SplitRatios;
  /** Splits that came in folders of their own: nobody is taken for these. */
  readonly given: ReadonlySet<Split>;
}

/**
 * Places images in training, validation and test: of each class (and of the unlabelled images) the fraction that the
 * ratios say, rounded, as far as the images to be placed can supply it.
 *
 * Which ones is decided by SHA-256 of seed and image id: the same images and seed give the same splits whatever the
 * order, and an image never moves because others came later. Answers the images that were not shared out before.
 */
export function shareOut({ images, ratios, given }: ShareOutRequest): ReadonlyMap<ImageId, Split> {
  const ratio = {
    validation: given.has('validation') ? 0 : ratios.validation,
    test: given.has('test') ? 0 : ratios.test,
  };
  const placed = new Map<ImageId, Split>();
  for (const group of groupByClass(images)) {
    const waiting = group.filter((image) => !image.isSharedOut).map(({ id }) => id);
    const ranked = rank(waiting, ratios.seed);
    const missing = (split: 'validation' | 'test'): number => {
      const there = group.filter((image) => image.isSharedOut && image.split === split).length;
      return Math.max(0, Math.round(ratio[split] * group.length) - there);
    };
    const testEnd = missing('test');
    const validationEnd = testEnd + missing('validation');
    ranked.forEach((id, position) => {
      placed.set(id, position < testEnd ? 'test' : position < validationEnd ? 'validation' : 'training');
    });
  }
  return placed;
}

function groupByClass(images: readonly PoolImage[]): Iterable<readonly PoolImage[]> {
  return Map.groupBy(images, (image) => image.classId).values();
}

function rank(ids: readonly ImageId[], seed: number): readonly ImageId[] {
  const keyed = ids.map((id) => ({ id, key: createHash('sha256').update(`${seed}/${id}`).digest('hex') }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.map(({ id }) => id);
}
