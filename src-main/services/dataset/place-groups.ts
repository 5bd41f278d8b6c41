import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { PoolImage } from '../../storage/dataset-rows.ts';
import type { SplitTally } from './split-tally.ts';

/** Images of a group that all wait for their place. */
export interface WaitingGroup {
  readonly images: readonly PoolImage[];
  /** Decides among groups of one size. */
  readonly key: string;
}

interface PulledImages {
  /** Where images go because one of their group is there already. */
  readonly placed: Map<PoolImage, Split>;
  /** Groups of which none is placed yet, two images or more each. */
  readonly waiting: readonly (readonly PoolImage[])[];
}

/** A group that is in several splits already, since its images were told to be alike only later, pulls to the first of these. */
const pullOrder = ['test', 'validation', 'training'] as const;

/** Finds what groups decide by themselves. */
export function pullToGroups({
  images,
  groups,
  fixed,
}: {
  readonly images: readonly PoolImage[];
  readonly groups: readonly (readonly ImageId[])[];
  readonly fixed: ReadonlyMap<ImageId, Split>;
}): PulledImages {
  const byId = new Map(images.map((image) => [image.id, image]));
  const placed = new Map<PoolImage, Split>();
  const waiting: (readonly PoolImage[])[] = [];
  for (const ids of groups) {
    const members = ids.flatMap((id) => byId.get(id) ?? []);
    const toPlace = members.filter(({ isSharedOut }) => !isSharedOut);
    const there = new Set<Split | undefined>([
      ...members.filter(({ isSharedOut }) => isSharedOut).map(({ split }) => split),
      ...ids.map((id) => fixed.get(id)),
    ]);
    const split = pullOrder.find((one) => there.has(one));
    if (split === undefined) {
      if (toPlace.length > 1) waiting.push(toPlace);
    } else for (const image of toPlace) if (!image.isGiven) placed.set(image, split);
  }
  return { placed, waiting };
}

/**
 * Places groups one after the other, largest first, each where it brings the counts of its classes closest to their targets: the change of
 * Pearson's χ² = Σ (count − target)² / target is smallest. Counts them in the tally.
 */
export function placeGroups(groups: readonly WaitingGroup[], tally: SplitTally): ReadonlyMap<PoolImage, Split> {
  const placed = new Map<PoolImage, Split>();
  const ordered = groups.toSorted((a, b) => b.images.length - a.images.length || (a.key < b.key ? -1 : 1));
  for (const { images } of ordered) {
    const costs = tally.open.map((split) => ({ split, cost: costOf(images, split, tally) }));
    const best = costs.reduce((least, one) => (one.cost < least.cost ? one : least));
    for (const image of images) {
      placed.set(image, best.split);
      tally.place(image, best.split);
    }
  }
  return placed;
}

/** A target below one image would make every image cost without bound. */
const leastTarget = 0.5;

function costOf(images: readonly PoolImage[], split: Split, tally: SplitTally): number {
  let cost = 0;
  for (const [classId, group] of Map.groupBy(images, (image) => image.classId)) {
    const target = tally.target(classId, split);
    const before = tally.count(classId, split) - target;
    cost += ((before + group.length) ** 2 - before ** 2) / Math.max(target, leastTarget);
  }
  return cost;
}
