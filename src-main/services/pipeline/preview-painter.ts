import { AppError } from '../../../src-shared/contract/app-error.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { RecentlyUsed } from '../../../src-shared/lib/recently-used.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { decodeForSteps, reuseForSteps, type DecodedFor } from '../../imaging/shrink-on-load.ts';
import { unfoldTrace, type TracedStep } from '../../imaging/trace-pipeline.ts';
import { continueTrace, type Trace } from './continue-trace.ts';
import { createPictureRenderer, type RenderPictures } from './picture-renderer.ts';
import type {
  PreviewRequest,
  RenderedPreview,
  RenderedSample,
  RenderedStep,
  SamplesRequest,
} from './preview-protocol.ts';

/** Room for a few pictures of a camera, or for hundreds of the usual data sets. */
const decodedLimitBytes = 160e6;
/** Longest sides of the pictures of steps, which are looked at closely, and of samples. */
const stepSidePx = 768;
const sampleSidePx = 256;

type Task<Request> = Omit<Request, 'id' | 'kind'>;

/** Runs pipelines for their pictures, and keeps what the next request for the same image can use: decoded, run and encoded. */
export class PreviewPainter {
  readonly #decoded = new RecentlyUsed<string, DecodedFor>(decodedLimitBytes);
  readonly #renderStage = createPictureRenderer(stepSidePx);
  readonly #renderSample = createPictureRenderer(sampleSidePx);
  #trace: Trace | null = null;
  #preview: Promise<unknown> = Promise.resolve();

  /** Runs the steps once and keeps every stage. Throws AppError for an image that cannot be read. */
  async preview(task: Task<PreviewRequest>): Promise<RenderedPreview> {
    const preview = this.#paintPreview(task);
    this.#preview = Promise.allSettled([preview]);
    return preview;
  }

  /** Runs the steps once on each image and keeps the end; a preview that is asked for between two of them goes first. */
  async samples({ paths, steps, seed }: Task<SamplesRequest>): Promise<readonly RenderedSample[]> {
    const samples: RenderedSample[] = [];
    let trace = this.#trace;
    for (const [index, path] of paths.entries()) {
      await this.#preview;
      const decoded = await this.#decode(path, steps).catch(expectAppError);
      if (decoded instanceof AppError) {
        samples.push({ picture: null, error: decoded.sentence });
        continue;
      }
      trace = continueTrace(trace, { ...decoded, seed: seed + index });
      samples.push({ picture: await this.#renderSample(lastPictures(trace)), error: null });
    }
    return samples;
  }

  async #paintPreview({ path, steps, seed }: Task<PreviewRequest>): Promise<RenderedPreview> {
    const decoded = await this.#decode(path, steps);
    const trace = continueTrace(this.#trace, { ...decoded, seed });
    this.#trace = trace;
    const original = this.#renderStage([decoded.image]);
    const stages = unfoldTrace(trace.steps).map((step) => renderStep(step, this.#renderStage));
    return { original: await original, steps: await Promise.all(stages) };
  }

  /** As a training decodes it for these steps: what is seen is what trains. */
  async #decode(path: string, steps: readonly ResolvedStep[]): Promise<DecodedFor> {
    const known = this.#decoded.get(path);
    const same = known && reuseForSteps(known, steps);
    if (same) return same;
    const decoded = await decodeForSteps(path, steps);
    this.#decoded.set(path, decoded, decoded.image.data.byteLength);
    return decoded;
  }
}

function expectAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

async function renderStep(traced: TracedStep, render: RenderPictures): Promise<RenderedStep> {
  const nothing = { stepId: traced.step.id, before: null, after: null, draw: {}, error: null, isLeftOut: false };
  switch (traced.status) {
    case 'done': {
      const [before, after] = await Promise.all([render(traced.before), render(traced.pictures)]);
      return { ...nothing, before, after, draw: traced.facts };
    }
    case 'failed':
      return { ...nothing, error: traced.error.sentence };
    case 'left-out':
      return { ...nothing, isLeftOut: true };
    case 'skipped':
      return nothing;
    default:
      return assertNever(traced, 'step');
  }
}

function lastPictures({ image, steps }: Trace): readonly RgbImage[] {
  const last = steps.findLast((step) => step.status === 'done');
  return last?.status === 'done' ? last.pictures : [image];
}
