import type { SplitRules, TieKind } from '../../../src-shared/domain/quality.ts';
import { findBursts, type BurstImage } from './bursts.ts';
import { connectPairs } from './connect.ts';
import { readByPattern } from './name-pattern.ts';
import type { NearPair } from './near-pairs.ts';

export interface TieImage extends BurstImage {
  readonly fileName: string;
}

/** Images that belong together, by place, and why. */
export interface TiedPlaces {
  readonly kind: TieKind;
  /** The folder, or the text that the names share. */
  readonly label: string | null;
  /** The folder or the pattern of the rules that made it. */
  readonly rule: string | null;
  readonly places: readonly number[];
}

export interface TieMaterial {
  readonly images: readonly TieImage[];
  readonly pairs: readonly NearPair[];
  /** Whether two places show about the same view. */
  readonly isSameView: (a: number, b: number) => boolean;
}

/** Every group that the rules make, at least two images each; an image may be in several. */
export function findTies({ images, pairs, isSameView }: TieMaterial, rules: SplitRules): readonly TiedPlaces[] {
  const unnamed = (kind: TieKind, groups: readonly (readonly number[])[]): readonly TiedPlaces[] =>
    groups.map((places) => ({ kind, label: null, rule: null, places }));
  return [
    ...(rules.nearCopies ? unnamed('near', connectPairs(pairs)) : []),
    ...(rules.bursts ? unnamed('burst', findBursts(images, rules.burstSeconds, isSameView)) : []),
    ...rules.folders.map((folder) => tieFolder(images, folder)),
    ...rules.namePatterns.flatMap((pattern) => tieNames(images, pattern)),
  ].filter(({ places }) => places.length > 1);
}

function tieFolder(images: readonly TieImage[], folder: string): TiedPlaces {
  const places = images.flatMap(({ source }, place) => (source.startsWith(`${folder}/`) ? [place] : []));
  return { kind: 'folder', label: folder, rule: folder, places };
}

function tieNames(images: readonly TieImage[], pattern: string): readonly TiedPlaces[] {
  const groups = Map.groupBy(images.keys(), (place) => readByPattern(pattern, images[place]?.fileName ?? ''));
  return [...groups].flatMap(([label, places]) =>
    label === null ? [] : [{ kind: 'name' as const, label, rule: pattern, places }],
  );
}
