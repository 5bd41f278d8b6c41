import { isDeepStrictEqual } from 'node:util';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { isContainer, isRandomKind } from '../../../src-shared/domain/pipeline/steps.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { tracePipeline, type DoneStep, type TracedStep } from '../../imaging/trace-pipeline.ts';

/** What the steps of a list did to an image. */
export interface Trace {
  readonly image: RgbImage;
  readonly seed: number;
  readonly steps: readonly TracedStep[];
}

interface TraceTask {
  readonly image: RgbImage;
  readonly seed: number;
  readonly steps: readonly ResolvedStep[];
}

/** Traces the steps on the image; the first of them that an earlier trace did in the same way are taken from it. */
export function continueTrace(earlier: Trace | null, { image, seed, steps }: TraceTask): Trace {
  const known = earlier?.image === image ? findKnown(earlier, steps, seed) : [];
  return { image, seed, steps: tracePipeline(image, steps, seed, known) };
}

function findKnown(earlier: Trace, steps: readonly ResolvedStep[], seed: number): readonly DoneStep[] {
  const known: DoneStep[] = [];
  for (const [index, step] of steps.entries()) {
    const traced = earlier.steps[index];
    if (traced?.status !== 'done' || !isDeepStrictEqual(traced.step, step)) break;
    if (earlier.seed !== seed && draws(step)) break;
    known.push(traced);
  }
  return known;
}

function draws(step: ResolvedStep): boolean {
  return isRandomKind(step.kind) || (isContainer(step) && step.steps.some(draws));
}
