import { deriveEvaluation } from './pipeline.ts';
import { findStep, placeSteps } from './step-tree.ts';
import { axesOf, type StrengthAxis, type StrengthRange } from './strength-axes.ts';
import { isContainer, isRandomKind, type PipelineStep } from './steps.ts';

/** A list of steps to judge images with, and which strength of which axis it stands for. */
export interface StrengthTrial {
  readonly axis: number;
  /** Null where the axis has no range. */
  readonly value: number | null;
  readonly steps: readonly PipelineStep[];
}

/** Every setting of the random steps of a training list that can be tried, those in containers included. */
export function strengthAxes(training: readonly PipelineStep[]): readonly StrengthAxis[] {
  return placeSteps(training).flatMap(({ step, isUsed }) =>
    isUsed && !isContainer(step) && isRandomKind(step.kind) ? axesOf(step) : [],
  );
}

/**
 * For each axis about `valuesPerAxis` strengths over its range, without the neutral one. In each trial one step is random no
 * more but has that strength, and the other random steps are left out as they are in evaluation.
 */
export function strengthTrials(
  training: readonly PipelineStep[],
  axes: readonly StrengthAxis[],
  valuesPerAxis: number,
): readonly StrengthTrial[] {
  return axes.flatMap(({ step, range, at }, axis) => {
    // What stands in a container is tried in the container's place.
    const index = training.findIndex((one) => findStep([one], step.id));
    const trial = (value: number | null): StrengthTrial => ({
      axis,
      value,
      steps: [
        ...deriveEvaluation(training.slice(0, index)),
        at(value ?? 1),
        ...deriveEvaluation(training.slice(index + 1)),
      ],
    });
    return range ? spread(range, valuesPerAxis).map(trial) : [trial(null)];
  });
}

/**
 * Strengths by rising value, without the neutral one and without repeats. They lie at (k / n)² of the way from the neutral strength to each
 * end, or from the end that is nearer to it: what is safe mostly ends closer to it than to the far end.
 */
export function spread({ low, high, neutral, isWhole }: StrengthRange, count: number): readonly number[] {
  const start = Math.min(Math.max(neutral, low), high);
  const sides = [low, high].filter((end) => end !== start);
  const perSide = Math.max(1, Math.floor(count / Math.max(1, sides.length)));
  const values = sides.flatMap((end) =>
    Array.from({ length: perSide }, (_, index) => start + (end - start) * ((index + 1) / perSide) ** 2),
  );
  const shown = [start, ...values].map((value) => (isWhole ? Math.round(value) : Number(value.toPrecision(3))));
  return [...new Set(shown)].filter((value) => value !== neutral).sort((one, other) => one - other);
}
