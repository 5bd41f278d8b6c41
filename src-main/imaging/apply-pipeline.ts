import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { isContainer } from '../../src-shared/domain/pipeline/steps.ts';
import type { RgbImage } from './kernels/rgb-image.ts';
import { planContainer } from './plan-container.ts';
import { runInside, runStep, type StepRun } from './run-step.ts';
import type { PictureSeed, StepValue } from './step.ts';

/**
 * Runs a pipeline on one image.
 *
 * The same picture, steps and seed give the same result. Throws an AppError that names the step that cannot run, counted from
 * `firstIndex` where these are the last steps of more.
 */
export function applyPipeline(
  image: RgbImage,
  steps: readonly ResolvedStep[],
  seed: PictureSeed,
  firstIndex = 0,
): StepValue {
  return steps.reduce<StepValue>((value, step, index) => applyStep(step, value, { seed, path: [firstIndex + index] }), {
    type: 'picture',
    image,
  });
}

function applyStep(step: ResolvedStep, value: StepValue, run: StepRun): StepValue {
  if (!isContainer(step)) return runStep(step, value, run).value;
  return planContainer(step, run.seed).order.reduce<StepValue>((before, place) => {
    const inner = step.steps[place];
    return inner ? applyStep(inner, before, runInside(run, place)) : before;
  }, value);
}
