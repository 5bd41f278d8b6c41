import { splits, type Split } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { GuardLine, SplitRules, TiedGroup } from '../../../src-shared/domain/quality.ts';
import { mergeGroups } from './connect.ts';
import { labelOf } from './group-by-class.ts';
import type { QualityMaterial } from './material.ts';
import { findTies, type TiedPlaces } from './ties.ts';

const exampleCount = 4;

/** A group with what made it. */
export interface FoundGroup extends TiedGroup {
  /** The folder or name pattern of the rules; null for what pictures say. */
  readonly rule: string | null;
}

/** Every group that the rules make, larger ones first. */
export function findGroups(material: QualityMaterial, rules: SplitRules): readonly FoundGroup[] {
  return findTies(material, rules)
    .map((tie) => describe(tie, material))
    .sort((a, b) => b.images.length - a.images.length);
}

/** The same, joined where they share an image: each image is in one group at most. */
export function joinGroups(material: QualityMaterial, rules: SplitRules): readonly (readonly ImageId[])[] {
  const ties = findTies(material, rules).map(({ places }) => places);
  return mergeGroups(ties).map((places) => places.flatMap((place) => material.images[place]?.id ?? []));
}

/** One line for near copies, one for bursts, and one for each chosen folder and name pattern. */
export function countGroups(groups: readonly FoundGroup[], rules: SplitRules): readonly GuardLine[] {
  const line = (kind: GuardLine['kind'], label: string | null): GuardLine => {
    const own = groups.filter((group) => group.kind === kind && group.rule === label);
    return {
      ...{ kind, label },
      groups: own.length,
      images: new Set(own.flatMap(({ images }) => images)).size,
      leaks: own.filter(isLeak).length,
      examples: own.flatMap(({ images }) => images.slice(0, 2)).slice(0, exampleCount),
    };
  };
  return [
    ...(rules.nearCopies ? [line('near', null)] : []),
    ...(rules.bursts ? [line('burst', null)] : []),
    ...rules.folders.map((folder) => line('folder', folder)),
    ...rules.namePatterns.map((pattern) => line('name', pattern)),
  ];
}

/** True when its images are in more than one split. */
export function isLeak(group: TiedGroup): boolean {
  return group.splits.length > 1;
}

function describe({ kind, label, rule, places }: TiedPlaces, { images }: QualityMaterial): FoundGroup {
  const members = places.flatMap((place) => images[place] ?? []);
  const there = new Set<Split>(members.map(({ split }) => split));
  const labels = new Set(members.flatMap((image) => labelOf(image) ?? []));
  return {
    ...{ kind, label, rule },
    images: members.map(({ id }) => id),
    splits: splits.filter((split) => there.has(split)),
    hasLabelConflict: labels.size > 1,
  };
}
