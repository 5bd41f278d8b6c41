import { createHash } from 'node:crypto';
import type { Split, SplitRatios } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { PoolImage } from '../../storage/dataset-rows.ts';
import { placeGroups, pullToGroups, type WaitingGroup } from './place-groups.ts';
import { SplitTally, type HeldOut } from './split-tally.ts';

export interface ShareOutRequest {
  /** The images that may be placed; those already shared out stay where they are and count. */
  readonly images: readonly PoolImage[];
  readonly ratios: SplitRatios;
  /** Splits that came in folders of their own, or are frozen: nobody is taken for these. */
  readonly given: ReadonlySet<Split>;
  /** Images that belong into one split, each in one group at most. They may be among `images`, among `fixed`, or unknown. */
  readonly groups?: readonly (readonly ImageId[])[];
  /** Images that stay where they are and are none of `images`. */
  readonly fixed?: ReadonlyMap<ImageId, Split>;
}

/**
 * Places images in training, validation and test: of each class (and of the unlabelled images) the fraction that the
 * ratios say, rounded, as far as the images to be placed can supply it.
 *
 * Groups go whole. One of which an image is placed already pulls those that come later into its split, and is never moved
 * itself; images that came in a training folder are not pulled out of it. The others are placed largest first, each where its classes lack
 * it most, and single images fill up the rest. Which ones is decided by SHA-256 of seed and image id: the same images and seed give the
 * same splits whatever the order, and an image never moves because others came later. Answers the images that were not shared out before.
 */
export function shareOut({ images, ratios, given, groups = [], fixed }: ShareOutRequest): ReadonlyMap<ImageId, Split> {
  const ratio = {
    validation: given.has('validation') ? 0 : ratios.validation,
    test: given.has('test') ? 0 : ratios.test,
  };
  const keyOf = rankKeys(images, ratios.seed);
  const tally = new SplitTally(images, ratio);
  const { placed, waiting } = pullToGroups({ images, groups, fixed: fixed ?? new Map<ImageId, Split>() });
  for (const [image, split] of placed) tally.place(image, split);
  const whole = waiting.map((group): WaitingGroup => ({ images: group, key: keyOf(group) }));
  for (const [image, split] of placeGroups(whole, tally)) placed.set(image, split);
  return new Map(
    [...placed].map(([{ id }, split]) => [id, split] as const).concat(placeSingles(images, placed, tally, keyOf)),
  );
}

function placeSingles(
  images: readonly PoolImage[],
  placed: ReadonlyMap<PoolImage, Split>,
  tally: SplitTally,
  keyOf: (group: readonly PoolImage[]) => string,
): [ImageId, Split][] {
  const single = images.filter((image) => !image.isSharedOut && !placed.has(image));
  return [...Map.groupBy(single, ({ classId }) => classId)].flatMap(([classId, group]) => {
    const ranked = group
      .map((image) => ({ id: image.id, key: keyOf([image]) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const missing = (split: HeldOut): number =>
      Math.max(0, Math.round(tally.target(classId, split)) - tally.count(classId, split));
    const testEnd = missing('test');
    const validationEnd = testEnd + missing('validation');
    return ranked.map(({ id }, position): [ImageId, Split] => [
      id,
      position < testEnd ? 'test' : position < validationEnd ? 'validation' : 'training',
    ]);
  });
}

/** The rank of a group is that of its first image, whichever order they came in. */
function rankKeys(images: readonly PoolImage[], seed: number): (group: readonly PoolImage[]) => string {
  const keys = new Map<ImageId, string>();
  for (const { id, isSharedOut } of images) {
    if (!isSharedOut) keys.set(id, createHash('sha256').update(`${seed}/${id}`).digest('hex'));
  }
  return (group) => group.map(({ id }) => keys.get(id) ?? '').reduce((least, key) => (key < least ? key : least));
}
