import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ResolvedLeaf, ResolvedParameters } from '../../src-shared/domain/pipeline/resolve.ts';
import { stepLabel } from '../../src-shared/domain/pipeline/step-label.ts';
import type { LeafKind } from '../../src-shared/domain/pipeline/steps.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { Random } from '../../src-shared/lib/seeded-random.ts';
import type { ImageSize } from './kernels/rgb-image.ts';
import { stepRegistry } from './step-registry.ts';
import {
  randomOfStep,
  type PictureSeed,
  type SingleValue,
  type StepDraw,
  type StepFacts,
  type StepValue,
} from './step.ts';

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

interface RanStep {
  readonly value: StepValue;
  readonly facts: StepFacts;
}

/** Runs one step that holds no others, on each view where there are several. Throws an AppError that names it. */
export function runStep(step: ResolvedLeaf, value: StepValue, { seed, path }: StepRun): RanStep {
  const runOn = (one: SingleValue): RanStep => {
    const draw = drawStep(step, randomOfStep(seed, step), sizeOf(one));
    return { value: draw.apply(one), facts: draw.facts };
  };
  try {
    if (value.type !== 'views') return runOn(value);
    const ran = value.views.map(runOn);
    return {
      value: { type: 'views', views: ran.map(({ value: view }) => requireSingle(view)) },
      facts: ran[0]?.facts ?? {},
    };
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

/** Views of views would be judged as if they were others of the same picture. */
function requireSingle(value: StepValue): SingleValue {
  if (value.type !== 'views') return value;
  throw new AppError('bad-input', say('viewsTwice'));
}

function sizeOf(value: SingleValue): ImageSize {
  return value.type === 'picture' ? value.image : value.tensor;
}
