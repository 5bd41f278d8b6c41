import { canRun, checkSteps } from '../../../src-shared/domain/pipeline/check.ts';
import type { BackboneRecord } from '../../../src-shared/domain/backbone.ts';
import type { DatasetClass, Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { countPairs } from '../../state/table/gather-facts.ts';
import type { ImageTable } from '../../state/table/image-table.ts';

/** What takes part in a run, counted. */
export interface RunImages {
  readonly bySplit: Readonly<Record<Split, number>>;
  readonly unlabelled: number;
  /** Classes that have training images, with how many; most first. */
  readonly trainingClasses: readonly { readonly name: string; readonly count: number }[];
}

export function countRunImages(table: ImageTable, classById: ReadonlyMap<ClassId, DatasetClass>): RunImages {
  const bySplit = { training: 0, validation: 0, test: 0 };
  const counts = new Map<ClassId, number>();
  let unlabelled = 0;
  for (const { values, count } of countPairs(table.columns.classId, table.columns.split, table.count)) {
    const [classId, split] = values;
    if (classId === null) unlabelled += count;
    else {
      bySplit[split] += count;
      if (split === 'training') counts.set(classId, count);
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
