import { canRun, checkSteps } from '../../../src-shared/domain/pipeline/check.ts';
import type { BackboneRecord } from '../../../src-shared/domain/backbone.ts';
import type { Dataset, DatasetClass, Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';

/** What takes part in a run, counted. */
export interface RunImages {
  readonly bySplit: Readonly<Record<Split, number>>;
  readonly unlabelled: number;
  /** Classes that have training images, with how many; most first. */
  readonly trainingClasses: readonly { readonly name: string; readonly count: number }[];
}

export function countRunImages(images: Dataset['images'], classById: ReadonlyMap<ClassId, DatasetClass>): RunImages {
  const bySplit = { training: 0, validation: 0, test: 0 };
  const counts = new Map<ClassId, number>();
  let unlabelled = 0;
  for (const { classId, split } of images) {
    if (classId === null) unlabelled += 1;
    else {
      bySplit[split] += 1;
      if (split === 'training') counts.set(classId, (counts.get(classId) ?? 0) + 1);
    }
  }
  const trainingClasses = [...counts]
    .map(([id, count]) => ({ name: classById.get(id)?.name ?? '', count }))
    .sort((a, b) => b.count - a.count);
  return { bySplit, unlabelled, trainingClasses };
}

/** True when both lists of a pipeline run with a backbone. */
export function isPipelineFit(pipeline: Pipeline, backbone: BackboneRecord): boolean {
  return (['training', 'evaluation'] as const).every((part) => canRun(checkSteps(pipeline[part], part, backbone)));
}

/** From how many times as many images on the largest class is named beside the smallest. */
export const unevenRatio = 4;
