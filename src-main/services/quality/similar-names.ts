import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import { similarKey } from '../dataset/similar-key.ts';

/** Classes whose names differ only by case, spaces, hyphens, underscores or the width of their characters, at least two a group. */
export function findSimilarNames(classes: readonly DatasetClass[]): readonly (readonly DatasetClass[])[] {
  const groups = Map.groupBy(classes, ({ name }) => similarKey(name));
  return [...groups.values()].filter((group) => group.length > 1);
}
