import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRandomKind, leafKinds, type PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import * as library from '../../../src-main/exporters/preprocess-code/library.ts';
import { writeTorchvision } from '../../../src-main/exporters/preprocess-code/write-torchvision.ts';
import { writeJavaScript } from '../../../src-main/exporters/preprocess-code/write-javascript.ts';
import { describePreprocessing } from '../../../src-main/exporters/preprocessing.ts';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import { tracePipeline } from '../../../src-main/imaging/trace-pipeline.ts';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import type { ImageTensor, RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { readBackbone } from '../../support/bundled-backbone.ts';

const random = createRandom(5);
const image = { width: 37, height: 23, data: Uint8Array.from({ length: 37 * 23 * 3 }, () => random.integer(256)) };
const fixedKinds = leafKinds.filter((kind) => !isRandomKind(kind));
const { record: backbone } = await readBackbone('efficientnet-lite0');

type Maker = (parameters: unknown) => (value: RgbImage | ImageTensor) => RgbImage | ImageTensor;
// As the generated code does: a name, and parameters that fit it.
const makers = library as unknown as Readonly<Partial<Record<string, Maker>>>;

/** What the library makes of a picture with the steps of an evaluation list. */
function follow(steps: readonly PipelineStep[]): RgbImage | ImageTensor {
  return resolveSteps(steps, backbone).reduce<RgbImage | ImageTensor>((value, { kind, parameters }) => {
    const make = makers[kind];
    if (!make) throw new Error(`The library lacks ${kind}`);
    return make(parameters)(value);
  }, image);
}

describe('the code of an export', () => {
  it.each(fixedKinds)('does %s as the app does', (kind) => {
    const steps = kind === 'Normalize' ? [createStep('ToTensor', 'a'), createStep(kind, 'b')] : [createStep(kind, 'b')];
    const own = applyPipeline(image, resolveSteps(steps, backbone), 0);
    expect(follow(steps)).toEqual(own.type === 'picture' ? own.image : own.tensor);
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
      if (step.value.type === 'tensor') continue;
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

function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return Array.from(one).reduce((largest, value, index) => Math.max(largest, Math.abs(value - (other[index] ?? 0))), 0);
}
