import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { tracePipeline, type TracedStep } from '../../imaging/trace-pipeline.ts';
import { decodeImage, encodePng } from '../../imaging/decode.ts';
import { resize } from '../../imaging/kernels/resize.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import type { PreviewRequest, RenderedPicture, RenderedPreview, RenderedStep } from './preview-protocol.ts';

/** Longest side of a picture that is shown; a preview has up to 60 of them. */
const shownSidePx = 768;

/** Runs the steps once with the request's seed and keeps every stage, then once for each sample and keeps the end. */
export async function renderPreview(request: Omit<PreviewRequest, 'id'>): Promise<RenderedPreview> {
  const { path, steps, seed, sampleCount } = request;
  const image = await decodeImage(path);
  const render = createRenderer();
  const traced = tracePipeline(image, steps, seed);
  const renderedSteps: RenderedStep[] = [];
  for (const step of unfold(traced)) renderedSteps.push(await renderStep(step, render));
  const samples: RenderedPicture[] = [];
  for (let draw = 1; draw <= sampleCount; draw += 1) {
    samples.push(await render(lastPicture(image, tracePipeline(image, steps, seed + draw))));
  }
  return { original: await render(image), steps: renderedSteps, samples };
}

type Render = (image: RgbImage) => Promise<RenderedPicture>;

/** Steps that change nothing hand the same picture on: it is encoded once. */
function createRenderer(): Render {
  const rendered = new Map<RgbImage, Promise<RenderedPicture>>();
  return (image) => {
    const known = rendered.get(image);
    if (known) return known;
    const made = encode(image);
    rendered.set(image, made);
    return made;
  };
}

async function encode(image: RgbImage): Promise<RenderedPicture> {
  const { width, height } = image;
  const scale = Math.min(1, shownSidePx / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return { png: await encodePng(resize(image, size, 'bilinear')), width, height };
}

/** Every step before what it holds. */
function unfold(steps: readonly TracedStep[]): readonly TracedStep[] {
  return steps.flatMap((step) => [step, ...unfold(step.steps)]);
}

async function renderStep(traced: TracedStep, render: Render): Promise<RenderedStep> {
  const nothing = { stepId: traced.step.id, before: null, after: null, draw: {}, error: null, isLeftOut: false };
  switch (traced.status) {
    case 'done':
      return {
        ...nothing,
        before: await render(traced.before),
        after: await render(traced.picture),
        draw: traced.facts,
      };
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

function lastPicture(image: RgbImage, traced: readonly TracedStep[]): RgbImage {
  const last = traced.findLast((step) => step.status === 'done');
  return last?.status === 'done' ? last.picture : image;
}
