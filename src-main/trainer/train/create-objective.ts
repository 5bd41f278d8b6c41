import type { TrainJob } from '../../jobs/trainer-protocol.ts';
import { multiLabelObjective } from './multi-label-objective.ts';
import type { Objective } from './objective.ts';
import { singleLabelObjective } from './single-label-objective.ts';

/** The objective of a job over its training and validation images. */
export function createObjective(
  { labelling, recipe, classNames }: Pick<TrainJob, 'labelling' | 'recipe' | 'classNames'>,
  training: TrainJob['images'],
  validation: TrainJob['images'],
): Objective {
  const parts = { recipe, classCount: classNames.length };
  const ofOne = (images: TrainJob['images']): readonly number[] =>
    images.map(({ label }) => (typeof label === 'number' ? label : (label[0] ?? 0)));
  const ofMany = (images: TrainJob['images']): readonly (readonly number[])[] =>
    images.map(({ label }) => (typeof label === 'number' ? [label] : label));
  return labelling === 'multi-label'
    ? multiLabelObjective({ ...parts, training: ofMany(training), validation: ofMany(validation) })
    : singleLabelObjective({ ...parts, training: ofOne(training), validation: ofOne(validation) });
}
