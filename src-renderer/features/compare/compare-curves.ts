import type { EpochMetric, Metric } from '../../../src-shared/domain/run.ts';

export type CurveMeasure = 'loss' | 'accuracy';

/** One epoch of a curve: x counts epochs from 1. */
export interface EpochPoint {
  readonly x: number;
  readonly y: number;
}

/** The validation curve of a run; of its training when nothing was held out. */
export function epochCurve(metrics: readonly Metric[], measure: CurveMeasure): readonly EpochPoint[] {
  return metrics
    .filter((metric): metric is EpochMetric => metric.type === 'epoch')
    .map(({ epoch, training, validation }) => ({ x: epoch, y: (validation ?? training)[measure] }));
}
