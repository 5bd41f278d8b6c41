import { AppError } from '../../src-shared/contract/app-error.ts';
import type {
  ResolvedContainer,
  ResolvedLeaf,
  ResolvedParameters,
  ResolvedStep,
} from '../../src-shared/domain/pipeline/resolve.ts';
import { isContainer } from '../../src-shared/domain/pipeline/steps.ts';
import type { RgbImage } from './kernels/rgb-image.ts';
import { toPicture } from './kernels/tensor.ts';
import { planContainer } from './plan-container.ts';
import { runInside, runStep, type StepRun } from './run-step.ts';
import { viewsOf, type PictureSeed, type SingleValue, type StepFacts, type StepValue } from './step.ts';

/** A value on its way, and the pictures to look at; numbers are scaled back to the picture that they came from. */
interface Seen {
  readonly value: StepValue;
  /** One; after a step that makes views, one a view. */
  readonly pictures: readonly RgbImage[];
  /** What the numbers went through since they were a picture. */
  readonly normalizations: readonly ResolvedParameters['Normalize'][];
}

interface TracedPart {
  readonly step: ResolvedStep;
  /** What the step holds, in the order of the list; empty for a step that holds none. */
  readonly steps: readonly TracedStep[];
}

/** What one step of a traced pipeline did. */
export type TracedStep =
  | (TracedPart & Seen & { readonly status: 'done'; readonly facts: StepFacts; readonly before: readonly RgbImage[] })
  /** It or a step in it could not run. */
  | (TracedPart & { readonly status: 'failed'; readonly error: AppError })
  /** A step before it failed. */
  | (TracedPart & { readonly status: 'skipped' })
  /** The container around it did without it this time. */
  | (TracedPart & { readonly status: 'left-out' });

export type DoneStep = Extract<TracedStep, { readonly status: 'done' }>;

/**
 * Runs a pipeline as `applyPipeline` does, keeping what each step drew and made; a step that cannot run ends the trace instead of
 * throwing. Does not run the first steps again that are `known` from another trace.
 */
export function tracePipeline(
  image: RgbImage,
  steps: readonly ResolvedStep[],
  seed: PictureSeed,
  known: readonly DoneStep[] = [],
): readonly TracedStep[] {
  const seen: Seen = known.at(-1) ?? { value: { type: 'picture', image }, pictures: [image], normalizations: [] };
  const order = [...steps.keys()].slice(known.length);
  const traced = traceInOrder(steps, order, { seen, run: { seed, path: [] } }).steps;
  return [...known, ...traced.slice(known.length)];
}

/** Every step before what it holds. */
export function unfoldTrace(steps: readonly TracedStep[]): readonly TracedStep[] {
  return steps.flatMap((step) => [step, ...unfoldTrace(step.steps)]);
}

interface Progress {
  readonly seen: Seen;
  readonly run: StepRun;
}

interface TracedList {
  readonly steps: readonly TracedStep[];
  readonly seen: Seen;
  readonly error: AppError | null;
}

/** Traces the steps at the places in `order`; the others are left out. */
function traceInOrder(steps: readonly ResolvedStep[], order: readonly number[], { seen, run }: Progress): TracedList {
  const traced = steps.map((step) => untouched(step, 'left-out'));
  let last = seen;
  let error: AppError | null = null;
  for (const place of order) {
    const step = steps[place];
    if (!step) continue;
    const result: TracedStep = error
      ? untouched(step, 'skipped')
      : traceStep(step, { seen: last, run: runInside(run, place) });
    traced[place] = result;
    if (result.status === 'done') last = result;
    if (result.status === 'failed') error = result.error;
  }
  return { steps: traced, seen: last, error };
}

function traceStep(step: ResolvedStep, progress: Progress): TracedStep {
  return isContainer(step) ? traceContainer(step, progress) : traceLeaf(step, progress);
}

function traceContainer(step: ResolvedContainer, { seen, run }: Progress): TracedStep {
  const { order, facts } = planContainer(step, run.seed);
  const { steps, seen: after, error } = traceInOrder(step.steps, order, { seen, run });
  if (error) return { status: 'failed', step, steps, error };
  return { ...after, status: 'done', step, steps, facts, before: seen.pictures };
}

function traceLeaf(step: ResolvedLeaf, { seen, run }: Progress): TracedStep {
  try {
    const { value, facts } = runStep(step, seen.value, run);
    return { ...see(step, value, seen), status: 'done', step, steps: [], facts, before: seen.pictures };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { status: 'failed', step, steps: [], error };
  }
}

function see(step: ResolvedLeaf, value: StepValue, before: Seen): Seen {
  // Scaling back what ToTensor and Normalize make would give the last picture again.
  if (step.kind === 'Normalize') {
    return { ...before, value, normalizations: [...before.normalizations, step.parameters] };
  }
  if (step.kind === 'ToTensor' || value === before.value) return { ...before, value };
  return { ...before, value, pictures: viewsOf(value).map((view) => pictureOf(view, before)) };
}

function pictureOf(view: SingleValue, { normalizations }: Seen): RgbImage {
  return view.type === 'picture' ? view.image : toPicture(view.tensor, normalizations);
}

function untouched(step: ResolvedStep, status: 'skipped' | 'left-out'): TracedStep {
  return { status, step, steps: isContainer(step) ? step.steps.map((inner) => untouched(inner, status)) : [] };
}
