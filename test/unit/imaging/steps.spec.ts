import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { stepRegistry } from '../../../src-main/imaging/step-registry.ts';
import { viewsOf, type StepValue } from '../../../src-main/imaging/step.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import {
  isRandomKind,
  stepKindRecords,
  pipelineStepSchema,
  leafKinds,
  type PipelineStep,
  type LeafKind,
  type StepParameters,
} from '../../../src-shared/domain/pipeline/steps.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const backbone = { inputSize: 24, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;
const photo = noise(40, 30);

/** What each kind makes of a picture of 40 × 30 pixels with these parameters; sizes are [width, height]. */
const examples: {
  readonly [K in LeafKind]: {
    readonly parameters: Partial<StepParameters[K]>;
    readonly size: readonly [number, number];
  };
} = {
  Resize: { parameters: {}, size: [32, 24] },
  CenterCrop: { parameters: {}, size: [24, 24] },
  RandomCrop: { parameters: { padding: 2, padding_mode: 'reflect' }, size: [24, 24] },
  RandomResizedCrop: { parameters: {}, size: [24, 24] },
  Pad: { parameters: { padding: [1, 2, 3, 4], fill: [9, 8, 7] }, size: [44, 36] },
  RandomHorizontalFlip: { parameters: {}, size: [40, 30] },
  RandomVerticalFlip: { parameters: {}, size: [40, 30] },
  RandomRotation: { parameters: { degrees: 40, interpolation: 'bilinear' }, size: [40, 30] },
  ColorJitter: { parameters: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }, size: [40, 30] },
  RandomAffine: {
    parameters: { translate: [0.1, 0.2], scale: [0.8, 1.2], shear: [-9, 9, -5, 5], interpolation: 'bicubic' },
    size: [40, 30],
  },
  RandomPerspective: { parameters: { fill: [9, 8, 7] }, size: [40, 30] },
  ElasticTransform: { parameters: { alpha: [40, 20], sigma: 2 }, size: [40, 30] },
  Grayscale: { parameters: {}, size: [40, 30] },
  RandomGrayscale: { parameters: {}, size: [40, 30] },
  RandomInvert: { parameters: {}, size: [40, 30] },
  RandomPosterize: { parameters: {}, size: [40, 30] },
  RandomSolarize: { parameters: {}, size: [40, 30] },
  RandomAutocontrast: { parameters: {}, size: [40, 30] },
  RandomEqualize: { parameters: {}, size: [40, 30] },
  RandomAdjustSharpness: { parameters: {}, size: [40, 30] },
  GaussianBlur: { parameters: { kernel_size: [3, 7] }, size: [40, 30] },
  AutoAugment: { parameters: { policy: 'svhn' }, size: [40, 30] },
  RandAugment: { parameters: { num_ops: 3, fill: [9, 8, 7] }, size: [40, 30] },
  TrivialAugmentWide: { parameters: { interpolation: 'bicubic' }, size: [40, 30] },
  AugMix: { parameters: { chain_depth: 2 }, size: [40, 30] },
  ToTensor: { parameters: {}, size: [40, 30] },
  Normalize: { parameters: {}, size: [40, 30] },
  RandomErasing: { parameters: { value: 'random' }, size: [40, 30] },
  FiveCrop: { parameters: {}, size: [24, 24] },
  TenCrop: { parameters: { size: [10, 12], vertical_flip: true }, size: [12, 10] },
  FlipViews: { parameters: {}, size: [40, 30] },
};

/** Kinds with a crop or a kernel that does not fit in a line. */
const refusesLines: ReadonlySet<LeafKind> = new Set([
  'RandomCrop',
  'GaussianBlur',
  'ElasticTransform',
  'FiveCrop',
  'TenCrop',
]);

/** Parameters that the kind refuses, as far as there are any. */
const refused: readonly (readonly [LeafKind, object])[] = [
  ['Resize', { size: 0 }],
  ['CenterCrop', { size: [5, -1] }],
  ['RandomCrop', { size: 'large' }],
  ['Pad', { padding: [1, 2, 3] }],
  ['RandomHorizontalFlip', { p: 1.5 }],
  ['RandomVerticalFlip', { p: -0.1 }],
  ['RandomRotation', { interpolation: 'bicubic' }],
  ['ColorJitter', { hue: 0.6 }],
  ['RandomGrayscale', { p: 'often' }],
  ['RandomResizedCrop', { ratio: [0, 1] }],
  ['RandomAffine', { shear: [1, 2, 3] }],
  ['RandomAffine', { translate: [0.1, 1.1] }],
  ['RandomPerspective', { distortion_scale: 1.1 }],
  ['ElasticTransform', { sigma: 0 }],
  ['Grayscale', { num_output_channels: 1 }],
  ['RandomPosterize', { bits: 9 }],
  ['RandomSolarize', { threshold: -1 }],
  ['RandomAdjustSharpness', { sharpness_factor: -1 }],
  ['GaussianBlur', { kernel_size: 4 }],
  ['GaussianBlur', { sigma: 0 }],
  ['RandomErasing', { value: 'noise' }],
  ['AutoAugment', { policy: 'mnist' }],
  ['RandAugment', { num_ops: 0 }],
  ['TrivialAugmentWide', { num_magnitude_bins: 1 }],
  ['AugMix', { severity: 11 }],
  ['AugMix', { chain_depth: 0 }],
  ['ToTensor', { scale: 255 }],
  ['Normalize', { statistics: { mean: [0, 0, 0] } }],
];

describe.each(leafKinds)('%s', (kind) => {
  const steps = stepsFor(kind);

  test('has defaults that its schema accepts unchanged', () => {
    const step = createStep(kind, 'a');
    expect(v.parse(pipelineStepSchema, step)).toEqual(step);
    expect(stepRegistry[kind].kind).toBe(kind);
  });

  test('gives the same result for the same seed, and leaves its input alone', () => {
    const before = photo.data.slice();
    const first = applyPipeline(photo, steps, 11);
    expect(applyPipeline(photo, steps, 11)).toEqual(first);
    expect(photo.data).toEqual(before);
  });

  test('draws anew for another seed only when it is random', () => {
    const results = new Set(
      Array.from({ length: 40 }, (_, seed) => JSON.stringify(dataOf(applyPipeline(photo, steps, seed)))),
    );
    expect(results.size > 1).toBe(isRandomKind(kind));
  });

  test('keeps size and range', () => {
    const { size } = examples[kind];
    const value = applyPipeline(photo, steps, 3);
    const views = viewsOf(value).map((view) => (view.type === 'picture' ? view.image : view.tensor));
    expect(views.map(({ width, height }) => [width, height])).toEqual(
      Array.from({ length: stepKindRecords[kind].viewCount }, () => size),
    );
    expect(dataOf(value).length).toBe(views.length * size[0] * size[1] * 3);
    if (kind === 'ToTensor') expect(dataOf(value).every((number) => number >= 0 && number <= 1)).toBe(true);
  });

  test('also handles a single pixel and a line', () => {
    for (const image of [noise(1, 1), noise(1, 60)]) {
      if (refusesLines.has(kind)) {
        expect(() => applyPipeline(image, steps, 1)).toThrow(kind);
      } else {
        expect(dataOf(applyPipeline(image, steps, 1)).length).toBeGreaterThan(0);
      }
    }
  });
});

test.each(refused)('%s refuses %j', (kind, parameters) => {
  const step = { ...createStep(kind, 'a'), parameters: { ...createStep(kind, 'a').parameters, ...parameters } };
  expect(v.safeParse(pipelineStepSchema, step).success).toBe(false);
});

test('a padding of four sides stays four sides', () => {
  const step = { ...createStep('Pad', 'a'), parameters: { padding: [1, 2, 3, 4], fill: 0, padding_mode: 'edge' } };
  expect(v.parse(pipelineStepSchema, step).parameters).toEqual(step.parameters);
});

/** The step alone, after ToTensor where it needs one. */
function stepsFor(kind: LeafKind): readonly ResolvedStep[] {
  const step = createStep(kind, 'step');
  const filled = { ...step, parameters: { ...step.parameters, ...examples[kind].parameters } } as PipelineStep;
  return resolveSteps(
    stepKindRecords[kind].input === 'tensor' ? [createStep('ToTensor', 'tensor'), filled] : [filled],
    backbone,
  );
}

function dataOf(value: StepValue): readonly number[] {
  return viewsOf(value).flatMap((view) => [...(view.type === 'picture' ? view.image.data : view.tensor.data)]);
}

function noise(width: number, height: number): RgbImage {
  const random = createRandom('photo');
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => 20 + random.integer(200)) };
}
