import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRandomKind, leafKinds, viewsOfKind, type PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import * as library from '../../../src-main/exporters/preprocess-code/library.ts';
import { writeTorchvision } from '../../../src-main/exporters/preprocess-code/write-torchvision.ts';
import { writeJavaScript } from '../../../src-main/exporters/preprocess-code/write-javascript.ts';
import { ensureBuilt } from '../../../tools/lib/builds.ts';
import { repositoryRoot } from '../../../tools/lib/repository.ts';
import { describePreprocessing, toNetworkInput } from '../../../src-main/exporters/preprocessing.ts';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import { tracePipeline } from '../../../src-main/imaging/trace-pipeline.ts';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import { viewsOf } from '../../../src-main/imaging/step.ts';
import type { ImageTensor, RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { readBackbone } from '../../support/bundled-backbone.ts';

const random = createRandom(5);
const image = { width: 37, height: 23, data: Uint8Array.from({ length: 37 * 23 * 3 }, () => random.integer(256)) };
const fixedKinds = leafKinds.filter((kind) => !isRandomKind(kind));
const { record: backbone } = await readBackbone('efficientnet-lite0');

type Made = RgbImage | ImageTensor;
type Maker = (parameters: unknown) => (value: Made) => Made | readonly Made[];
// As the generated code does: a name, and parameters that fit it.
const makers = library as unknown as Readonly<Partial<Record<string, Maker>>>;

/** What the library makes of a picture with the steps of an evaluation list. */
function follow(steps: readonly PipelineStep[]): readonly Made[] {
  return resolveSteps(steps, backbone).reduce<readonly Made[]>(
    (values, { kind, parameters }) => {
      const make = makers[kind];
      if (!make) throw new Error(`The library lacks ${kind}`);
      return values.flatMap((value) => make(parameters)(value));
    },
    [image],
  );
}

describe('the code of an export', () => {
  it.each(fixedKinds)('does %s as the app does', (kind) => {
    const room = createStep('Resize', 'room');
    const large = { ...room, parameters: { ...room.parameters, size: 230 } };
    const first = kind === 'Normalize' ? [createStep('ToTensor', 'a')] : viewsOfKind(kind) > 1 ? [large] : [];
    const steps = [...first, createStep(kind, 'b')];
    const own = applyPipeline(image, resolveSteps(steps, backbone), 0);
    expect(follow(steps)).toEqual(viewsOf(own).map((view) => (view.type === 'picture' ? view.image : view.tensor)));
  });

  it('calls the steps in order with torchvision’s parameters written out', () => {
    const steps = [createStep('Resize', 'a')];
    const code = writeJavaScript(describePreprocessing(steps, backbone), '/* library */');
    expect(code).toContain(
      '[\'Resize\', Resize({ size: 224, interpolation: "bilinear", max_size: null, antialias: true })],',
    );
    expect(code).toContain('/* library */');
  });
});

describe('the torchvision program of an export', () => {
  const fixtures = path.join(import.meta.dirname, '../../fixtures');
  const small = { ...backbone, inputSize: 32 };
  const pad = createStep('Pad', 'pad');
  const resize = createStep('Resize', 'resize');
  const evaluation: readonly PipelineStep[] = [
    { ...pad, parameters: { padding: [12, 5], fill: [200, 30, 90], padding_mode: 'constant' } },
    { ...resize, parameters: { ...resize.parameters, size: 40, interpolation: 'bicubic' } },
    createStep('CenterCrop', 'crop'),
    createStep('ToTensor', 'tensor'),
    createStep('Normalize', 'normalize'),
  ];

  it('is the one that torchvision ran for the fixtures', async () => {
    const program = writeTorchvision(describePreprocessing(evaluation, small), small);
    await expect(program).toMatchFileSnapshot(path.join(fixtures, 'preprocess-code/preprocess.py'));
  });

  it.each(['chelsea', 'coffee'])('makes of %s, step by step, what the app makes', async (name) => {
    const picture = await decodeImage(path.join(fixtures, 'torchvision', `${name}.png`));
    for (const [index, step] of tracePipeline(picture, resolveSteps(evaluation, small), 0).entries()) {
      if (step.status !== 'done') throw new Error('Expected every step to run');
      if (step.value.type !== 'picture') continue;
      const torchvision = await decodeImage(path.join(fixtures, 'preprocess-code', `${name}-${index}.png`));
      expect([step.value.image.width, step.value.image.height]).toEqual([torchvision.width, torchvision.height]);
      expect(largestDifference(step.value.image.data, torchvision.data)).toBeLessThanOrEqual(1);
    }
    const own = applyPipeline(picture, resolveSteps(evaluation, small), 0);
    const bytes = await readFile(path.join(fixtures, 'preprocess-code', `${name}.f32`));
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    // One grey level is 1 / 255 / std.
    expect(largestDifference(own.type === 'tensor' ? own.tensor.data : [], numbers)).toBeLessThanOrEqual(0.008);
  });
});

describe('the torchvision program of an export with test-time augmentation', () => {
  const folder = path.join(import.meta.dirname, '../../fixtures/preprocess-code');
  const tiny = { ...backbone, inputSize: 16 };
  const resize = createStep('Resize', 'resize');
  const evaluation: readonly PipelineStep[] = [
    { ...resize, parameters: { ...resize.parameters, size: 20 } },
    createStep('TenCrop', 'views'),
    createStep('Grayscale', 'grey'),
    createStep('ToTensor', 'tensor'),
    createStep('Normalize', 'normalize'),
  ];

  it('is the one that torchvision ran for the fixtures', async () => {
    const program = writeTorchvision(describePreprocessing(evaluation, tiny), tiny);
    await expect(program).toMatchFileSnapshot(path.join(folder, 'preprocess_views.py'));
  });

  it('makes the views that the app makes, in the app’s order', async () => {
    const picture = await decodeImage(path.join(folder, '../torchvision/chelsea.png'));
    const { viewCount, data } = toNetworkInput(picture, describePreprocessing(evaluation, tiny));
    const bytes = await readFile(path.join(folder, 'chelsea-views.f32'));
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    expect([viewCount, data.length]).toEqual([10, 10 * 16 * 16 * 3]);
    expect(largestDifference(data, numbers)).toBeLessThanOrEqual(0.008);
  });

  it('comes with JavaScript that makes the same numbers and averages', async () => {
    await ensureBuilt(['export-code'], () => undefined);
    const built = await readFile(path.join(repositoryRoot, 'dist/export-code/library.js'), 'utf8');
    const record = describePreprocessing(evaluation, tiny);
    const code = writeJavaScript(record, built);
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      preprocess: (image: RgbImage) => Float32Array;
      average: (probabilities: Float32Array) => Float32Array;
    };
    expect(module.preprocess(image)).toEqual(toNetworkInput(image, record).data);
    const rows = Float32Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 0.25 : 0.75));
    expect([...module.average(rows)]).toEqual([0.25, 0.75]);
  });
});

function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return Array.from(one).reduce((largest, value, index) => Math.max(largest, Math.abs(value - (other[index] ?? 0))), 0);
}
