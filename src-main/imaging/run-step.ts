import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ResolvedLeaf, ResolvedParameters } from '../../src-shared/domain/pipeline/resolve.ts';
import { stepLabel } from '../../src-shared/domain/pipeline/step-label.ts';
import type { LeafKind } from '../../src-shared/domain/pipeline/steps.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { Random } from '../../src-shared/lib/seeded-random.ts';
import type { ImageSize } from './kernels/rgb-image.ts';
import { stepRegistry } from './step-registry.ts';
import { randomOfStep, type PictureSeed, type StepDraw, type StepFacts, type StepValue } from './step.ts';

/** Where a step runs. */
export interface StepRun {
  readonly seed: PictureSeed;
  /** From the list down to the step: places from 0. */
  readonly path: readonly number[];
}

/** The run of a step inside of this one. */
export function runInside({ seed, path }: StepRun, place: number): StepRun {
  return { seed, path: [...path, place] };
}

/** Runs one step that holds no others. Throws an AppError that names it. */
export function runStep(
  step: ResolvedLeaf,
  value: StepValue,
  { seed, path }: StepRun,
): { readonly value: StepValue; readonly facts: StepFacts } {
  try {
    const draw = drawStep(step, randomOfStep(seed, step), sizeOf(value));
    return { value: draw.apply(value), facts: draw.facts };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const label = stepLabel(path);
    throw new AppError(error.code, say('atStep', { step: label, kind: step.kind, what: error.sentence }), {
      detail: { stepId: step.id, kind: step.kind, position: label },
      cause: error,
    });
  }
}

type LeafOfKind<K extends LeafKind> = {
  readonly [P in K]: { readonly kind: P; readonly parameters: ResolvedParameters[P] };
}[K];

/** Generic so that TypeScript keeps kind and parameters paired while it looks the kind up. */
function drawStep<K extends LeafKind>(step: LeafOfKind<K>, random: Random, size: ImageSize): StepDraw {
  return stepRegistry[step.kind].draw(step.parameters, random, size);
}

function sizeOf(value: StepValue): ImageSize {
  return value.type === 'picture' ? value.image : value.tensor;
}
