import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { PoolImage, SharePool } from '../../storage/dataset-rows.ts';

/** Where most of a group is decides; of two splits with as many, the first. */
const order = ['training', 'validation', 'test'] as const;

/**
 * Brings groups that are in several splits into one each: the split where most of their images are, or the one that holds an image
 * that must not move. Those of a frozen test set stay, and so do images that came in validation and test folders, beside which images of a
 * training folder stay too: what somebody split by hand is left as it is. Answers the images that move.
 */
export function mendLeaks(
  { images, fixed }: SharePool,
  groups: readonly (readonly ImageId[])[],
  isTestFrozen: boolean,
): ReadonlyMap<ImageId, Split> {
  const byId = new Map(images.map((image) => [image.id, image]));
  const moves = new Map<ImageId, Split>();
  for (const ids of groups) {
    const members = ids.flatMap((id) => byId.get(id) ?? []);
    const isSplitByHand = ids.some((id) => fixed.has(id));
    const stays = (image: PoolImage): boolean =>
      (isSplitByHand && image.isGiven) || (isTestFrozen && image.split === 'test');
    const unmovable = [...ids.flatMap((id) => fixed.get(id) ?? []), ...members.filter(stays).map(({ split }) => split)];
    const all = [...members.map(({ split }) => split), ...ids.flatMap((id) => fixed.get(id) ?? [])];
    if (new Set(all).size < 2) continue;
    const target = mostOf(unmovable.length > 0 ? unmovable : all);
    for (const image of members) if (!stays(image) && image.split !== target) moves.set(image.id, target);
  }
  return moves;
}

function mostOf(splits: readonly Split[]): Split {
  const count = (split: Split): number => splits.filter((one) => one === split).length;
  return order.reduce((most, split) => (count(split) > count(most) ? split : most));
}
