import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ResolvedParameters, ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import type { StepKind } from '../../src-shared/domain/pipeline/steps.ts';
import type { Random } from '../../src-shared/lib/seeded-random.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { ImageSize, RgbImage } from './kernels/rgb-image.ts';
import { stepRegistry } from './step-registry.ts';
import { randomOfStep, type PictureSeed, type StepDraw, type StepFacts, type StepValue } from './step.ts';

/** What one step of a traced pipeline did. */
export type TracedStep =
  | {
      readonly status: 'done';
      readonly step: ResolvedStep;
      readonly facts: StepFacts;
      readonly value: StepValue;
      /** The value to look at; numbers are scaled back to the picture that they came from. */
      readonly picture: RgbImage;
    }
  | { readonly status: 'failed'; readonly step: ResolvedStep; readonly error: AppError }
  /** A step before it failed. */
  | { readonly status: 'skipped'; readonly step: ResolvedStep };

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
  let value: StepValue = { type: 'picture', image };
  for (const [index, step] of steps.entries()) value = runStep(step, firstIndex + index, { value, seed }).value;
  return value;
}

/** As `applyPipeline`, keeping what each step drew and made; a step that cannot run ends the trace instead of throwing. */
export function tracePipeline(
  image: RgbImage,
  steps: readonly ResolvedStep[],
  seed: PictureSeed,
): readonly TracedStep[] {
  let value: StepValue = { type: 'picture', image };
  let picture = image;
  let hasFailed = false;
  return steps.map((step, index): TracedStep => {
    if (hasFailed) return { status: 'skipped', step };
    try {
      const result = runStep(step, index, { value, seed });
      value = result.value;
      // Only ToTensor and Normalize work on numbers, and scaling those back gives the last picture again.
      if (value.type === 'picture') picture = value.image;
      return { status: 'done', step, facts: result.facts, value, picture };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      hasFailed = true;
      return { status: 'failed', step, error };
    }
  });
}

interface Progress {
  readonly value: StepValue;
  readonly seed: PictureSeed;
}

function runStep(
  step: ResolvedStep,
  index: number,
  { value, seed }: Progress,
): { readonly value: StepValue; readonly facts: StepFacts } {
  try {
    const draw = drawStep(step, randomOfStep(seed, step), sizeOf(value));
    return { value: draw.apply(value), facts: draw.facts };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, say('atStep', { step: index + 1, kind: step.kind, what: error.sentence }), {
      detail: { stepId: step.id, kind: step.kind, position: index + 1 },
      cause: error,
    });
  }
}

type StepOfKind<K extends StepKind> = {
  readonly [P in K]: { readonly kind: P; readonly parameters: ResolvedParameters[P] };
}[K];

/** Generic so that TypeScript keeps kind and parameters paired while it looks the kind up. */
function drawStep<K extends StepKind>(step: StepOfKind<K>, random: Random, size: ImageSize): StepDraw {
  return stepRegistry[step.kind].draw(step.parameters, random, size);
}

function sizeOf(value: StepValue): ImageSize {
  return value.type === 'picture' ? value.image : value.tensor;
}
