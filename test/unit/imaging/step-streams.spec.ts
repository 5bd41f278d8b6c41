import { describe, expect, test } from 'vitest';
import { tracePipeline } from '../../../src-main/imaging/trace-pipeline.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import type { StepFacts } from '../../../src-main/imaging/step.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import {
  stepKindRecords,
  type PipelineStep,
  type StepKind,
  type StepParameters,
} from '../../../src-shared/domain/pipeline/steps.ts';

const backbone = { inputSize: 16, mean: [0, 0, 0], std: [1, 1, 1] } as const;
const photo: RgbImage = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 3).fill(90) };
const kinds = [
  'RandomHorizontalFlip',
  'RandomRotation',
  'RandomCrop',
  'ColorJitter',
  'RandomGrayscale',
  'RandomVerticalFlip',
] as const satisfies readonly StepKind[];
const jitter = { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 } as const;
const list = kinds.map((kind): PipelineStep =>
  kind === 'ColorJitter'
    ? { ...createStep(kind, kind.toLowerCase()), parameters: jitter }
    : createStep(kind, kind.toLowerCase()),
);

describe('what a step draws', () => {
  test.each(kinds)('stays when %s before it is changed, turned off or moved', (kind) => {
    const before = drawsOf(list, 7);
    const step = list.find((one) => one.kind === kind)!;
    const others = (steps: readonly PipelineStep[]): unknown => ({ ...drawsOf(steps, 7), [step.id]: undefined });
    const expected = { ...before, [step.id]: undefined };
    expect(others(list.map((one) => (one === step ? changed(one) : one)))).toEqual(expected);
    expect(others(list.filter((one) => one !== step))).toEqual(expected);
    expect(drawsOf([...list.filter((one) => one !== step), step], 7)).toEqual(before);
  });

  test('differs between images, and between two steps of one kind', () => {
    const turns = [createStep('RandomRotation', 'one'), createStep('RandomRotation', 'two')];
    const angles = [1, 2].flatMap((seed) => Object.values(drawsOf(turns, seed)).map(({ angle }) => angle));
    expect(new Set(angles).size).toBe(4);
  });

  test('is independent of what the steps beside it draw', () => {
    const flips = ['a', 'b'].map((id) => createStep('RandomHorizontalFlip', id));
    const seeds = Array.from({ length: 4000 }, (_, index) => `seed/epoch/1/${index}`);
    const both = seeds.filter((seed) => Object.values(drawsOf(flips, seed)).every(({ isFlipped }) => isFlipped));
    // Five standard errors of a quarter.
    expect(Math.abs(both.length / seeds.length - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / seeds.length));
  });
});

describe('one parameter', () => {
  test('scales the same number: twice the degrees turn twice as far', () => {
    const [narrow, wide] = [10, 20].map((degrees) => {
      const step = createStep('RandomRotation', 'turn');
      return Number(drawsOf([{ ...step, parameters: { ...step.parameters, degrees } }], 3)['turn']?.['angle']);
    });
    expect(wide).toBeCloseTo(2 * narrow!, 12);
  });

  test('of ColorJitter leaves what the others draw, also when it is turned off', () => {
    for (const off of ['brightness', 'contrast', 'saturation', 'hue'] as const) {
      const { [off]: _gone, order, ...rest } = jitterDraw(jitter);
      const { order: without, ...left } = jitterDraw({ ...jitter, [off]: 0 });
      expect(left).toEqual(rest);
      expect(without).toBe(
        String(order)
          .split(', ')
          .filter((name) => name !== off)
          .join(', '),
      );
    }
  });

  test('of a coin moves its limit only: who is flipped at a small p is at a larger one', () => {
    const isFlipped = (p: number, seed: number): unknown => {
      const step = { ...createStep('RandomHorizontalFlip', 'flip'), parameters: { p } };
      return drawsOf([step], seed)['flip']?.['isFlipped'];
    };
    const flipped = Array.from({ length: 200 }, (_, seed) => seed).filter((seed) => isFlipped(0.2, seed));
    expect(flipped.length).toBeGreaterThan(0);
    expect(flipped.every((seed) => isFlipped(0.6, seed))).toBe(true);
  });
});

function changed(step: PipelineStep): PipelineStep {
  switch (step.kind) {
    case 'RandomRotation':
      return { ...step, parameters: { ...step.parameters, degrees: [-90, 45] } };
    case 'RandomCrop':
      return { ...step, parameters: { ...step.parameters, size: 16, padding: 0 } };
    case 'ColorJitter':
      return { ...step, parameters: stepKindRecords.ColorJitter.defaults };
    case 'RandomHorizontalFlip':
    case 'RandomVerticalFlip':
    case 'RandomGrayscale':
      return { ...step, parameters: { p: 1 } };
    default:
      throw new Error(`${step.kind} draws nothing`);
  }
}

function jitterDraw(parameters: StepParameters['ColorJitter']): StepFacts {
  return drawsOf([{ ...createStep('ColorJitter', 'jitter'), parameters }], 5)['jitter'] ?? {};
}

function drawsOf(steps: readonly PipelineStep[], seed: number | string): Readonly<Record<string, StepFacts>> {
  const trace = tracePipeline(photo, resolveSteps(steps, backbone), seed);
  return Object.fromEntries(trace.map((entry) => [entry.step.id, entry.status === 'done' ? entry.facts : {}]));
}
