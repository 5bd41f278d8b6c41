import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { isContainer } from '../../src-shared/domain/pipeline/steps.ts';
import type { RgbImage } from './kernels/rgb-image.ts';
import { toNormalized } from './kernels/tensor.ts';
import { planContainer } from './plan-container.ts';
import { runInside, runStep, type StepRun } from './run-step.ts';
import type { PictureSeed, StepValue, TakeNumbers } from './step.ts';

/** How a pipeline runs that is part of more. */
export interface ApplyOptions {
  /** The place in the whole list of the first of these steps. */
  readonly firstIndex?: number;
  /** For the numbers at the end, where these steps make them in one go. */
  readonly takeNumbers?: TakeNumbers;
}

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
  { firstIndex = 0, takeNumbers }: ApplyOptions = {},
): StepValue {
  let value: StepValue = { type: 'picture', image };
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index]!;
    const fused = fuse(value, [step, steps[index + 1]], takeNumbers);
    value = fused ?? applyStep(step, value, { seed, path: [firstIndex + index] });
    if (fused) index += 1;
  }
  return value;
}

/** What two steps make that are faster together, with the numbers that they make one after the other; null for all others. */
function fuse(
  value: StepValue,
  [step, next]: readonly [ResolvedStep, ResolvedStep | undefined],
  takeNumbers?: TakeNumbers,
): StepValue | null {
  if (step.kind !== 'ToTensor' || next?.kind !== 'Normalize' || value.type !== 'picture') return null;
  const { mean, std } = next.parameters;
  // The step itself says what is wrong.
  if (!std.every((spread) => Math.fround(spread) > 0)) return null;
  return { type: 'tensor', tensor: toNormalized(value.image, { mean, std }, takeNumbers?.(value.image.data.length)) };
}

function applyStep(step: ResolvedStep, value: StepValue, run: StepRun): StepValue {
  if (!isContainer(step)) return runStep(step, value, run).value;
  return planContainer(step, run.seed).order.reduce<StepValue>((before, place) => {
    const inner = step.steps[place];
    return inner ? applyStep(inner, before, runInside(run, place)) : before;
  }, value);
}
