import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { fewImages, unevenRatio, type CheckId, type DatasetCheck } from '../../../src-shared/domain/quality.ts';
import type { MeasuredImage } from '../../storage/quality-rows.ts';
import { isLeak, type FoundGroup } from './groups.ts';
import { groupByClass } from './group-by-class.ts';
import { findOddImages } from './odd-images.ts';
import { findSimilarNames } from './similar-names.ts';

const exampleCount = 6;

export interface CheckMaterial {
  readonly images: readonly MeasuredImage[];
  readonly classes: readonly DatasetClass[];
  readonly groups: readonly FoundGroup[];
  /** Images of groups that a person looked at and keeps. */
  readonly kept: ReadonlySet<ImageId>;
  /** Images whose files are not as they were imported, except for those that are left out already. */
  readonly changedFiles: readonly ImageId[];
  /** False while pictures are still to be looked at. */
  readonly isComplete: boolean;
  /** False before the files were compared with their hashes. */
  readonly areFilesChecked: boolean;
}

/** What a check found: the images, in the order in which they came, and what its sentence says. */
export interface FoundByCheck {
  readonly id: CheckId;
  readonly tone: 'hint' | 'warning';
  readonly count: number;
  readonly images: readonly ImageId[];
  readonly facts: DatasetCheck['facts'];
  /** What it says is final only when this is true. */
  readonly isKnown: boolean;
}

/** Looks for everything that a person may want to mend before a training. */
export function checkDataset(material: CheckMaterial): readonly FoundByCheck[] {
  const { images, groups, kept, changedFiles, isComplete, areFilesChecked } = material;
  const leaks = groups.filter(isLeak);
  const near = groups.filter(({ kind }) => kind === 'near');
  const open = near.filter((group) => group.images.some((id) => !kept.has(id)));
  const conflicts = near.filter(({ hasLabelConflict }) => hasLabelConflict);
  const ofGroups = (id: CheckId, tone: FoundByCheck['tone'], found: readonly FoundGroup[]): FoundByCheck => {
    const ids = [...new Set(found.flatMap((group) => group.images))];
    return { id, tone, count: found.length, images: ids, facts: { images: ids.length }, isKnown: isComplete };
  };
  const changed: FoundByCheck = {
    ...{ id: 'changed-files', tone: 'warning', facts: {}, isKnown: areFilesChecked },
    ...{ count: changedFiles.length, images: changedFiles },
  };
  const odd = [...findOddImages(images)].map(([id, found]): FoundByCheck => {
    const isKnown = isComplete || id === 'tiny' || id === 'huge' || id === 'odd-shape';
    return { id, tone: 'hint', count: found.length, images: found.map((one) => one.id), facts: {}, isKnown };
  });
  return [
    ofGroups('leaks', 'warning', leaks),
    ofGroups('label-conflicts', 'warning', conflicts),
    changed,
    ofGroups('near-copies', 'warning', open),
    ...checkClasses(material),
    ...odd,
  ];
}

/** As the page and the command line get it. */
export function describeCheck({ id, tone, count, images, facts, isKnown }: FoundByCheck): DatasetCheck {
  return {
    ...{ id, count, facts },
    tone: count > 0 ? tone : isKnown ? 'good' : 'unknown',
    examples: images.slice(0, exampleCount),
  };
}

function checkClasses({ images, classes }: CheckMaterial): readonly FoundByCheck[] {
  const byClass = groupByClass(images);
  const counted = classes
    .map((one) => ({ ...one, images: byClass.get(one.id) ?? [] }))
    .sort((a, b) => b.images.length - a.images.length);
  const used = counted.filter((one) => one.images.length > 0);
  const [most, least] = [used[0], used.at(-1)];
  const ratio = most && least ? most.images.length / least.images.length : 1;
  const few = counted.filter((one) => one.images.length < fewImages).reverse();
  const similar = findSimilarNames(classes);
  const inClasses = (chosen: readonly DatasetClass[]): readonly ImageId[] =>
    chosen.flatMap(({ id }) => (byClass.get(id) ?? []).map((image) => image.id));
  const base = { tone: 'warning', isKnown: true } as const;
  return [
    {
      ...{ ...base, id: 'imbalance', count: ratio >= unevenRatio ? 1 : 0 },
      images: least && ratio >= unevenRatio ? least.images.map(({ id }) => id) : [],
      facts: {
        ratio,
        ...{ most: most?.name ?? '', mostCount: most?.images.length ?? 0 },
        ...{ least: least?.name ?? '', leastCount: least?.images.length ?? 0 },
      },
    },
    {
      ...{ ...base, id: 'few-images', count: few.length, images: inClasses(few) },
      facts: { least: few[0]?.name ?? '', leastCount: few[0]?.images.length ?? 0, enough: fewImages },
    },
    {
      ...{ ...base, id: 'similar-names', count: similar.length, images: inClasses(similar.flat()) },
      facts: { names: similar[0]?.map(({ name }) => name).join(' / ') ?? '' },
    },
  ];
}
