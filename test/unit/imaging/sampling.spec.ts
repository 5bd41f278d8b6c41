import { describe, expect, test } from 'vitest';
import { stepRegistry } from '../../../src-main/imaging/step-registry.ts';
import type { StepFacts } from '../../../src-main/imaging/step.ts';
import type { ResolvedParameters } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { LeafKind } from '../../../src-shared/domain/pipeline/steps.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const drawCount = 4000;
/** Five standard errors: a fair generator leaves them once in two million fixed seeds. */
const tolerance = 5 / Math.sqrt(drawCount);

describe('draws as torchvision does', () => {
  test.each(['RandomHorizontalFlip', 'RandomVerticalFlip'] as const)('%s happens with probability p', (kind) => {
    const flips = draws(kind, { p: 0.3 }).filter((facts) => facts['isFlipped'] === true);
    expect(Math.abs(flips.length / drawCount - 0.3)).toBeLessThan(tolerance * 0.5);
    expect(draws(kind, { p: 0 }).some((facts) => facts['isFlipped'] === true)).toBe(false);
    expect(draws(kind, { p: 1 }).every((facts) => facts['isFlipped'] === true)).toBe(true);
  });

  test('RandomGrayscale happens with probability p', () => {
    const grays = draws('RandomGrayscale', { p: 0.1 }).filter((facts) => facts['isGray'] === true);
    expect(Math.abs(grays.length / drawCount - 0.1)).toBeLessThan(tolerance * 0.5);
  });

  test('RandomRotation is uniform between −d and d, or between two ends', () => {
    const parameters = { interpolation: 'nearest', expand: false, center: null, fill: 0 } as const;
    expectUniform(numbers(draws('RandomRotation', { ...parameters, degrees: 30 }), 'angle'), -30, 30);
    expectUniform(numbers(draws('RandomRotation', { ...parameters, degrees: [10, 50] }), 'angle'), 10, 50);
  });

  test('RandomCrop reaches every place equally often, the last ones included', () => {
    const facts = draws('RandomCrop', { ...crop, size: 25 });
    for (const [name, places] of [
      ['left', 16],
      ['top', 6],
    ] as const) {
      const counts = countEach(numbers(facts, name));
      expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: places }, (_, index) => index));
      const share = 1 / places;
      const error = 5 * Math.sqrt((share * (1 - share)) / drawCount);
      for (const count of counts.values()) expect(Math.abs(count / drawCount - share)).toBeLessThan(error);
    }
  });

  test('RandomCrop pads both sides by the whole lack', () => {
    const facts = draws('RandomCrop', { ...crop, size: [30, 50], pad_if_needed: true });
    // 40 pixels get 10 on either side, which leaves 11 places for 50 pixels.
    expect(new Set(numbers(facts, 'left')).size).toBe(11);
    expect(new Set(numbers(facts, 'top'))).toEqual(new Set([0]));
  });

  test('ColorJitter is uniform around the picture, never below 0, in all 24 orders equally', () => {
    const facts = draws('ColorJitter', { brightness: 0.4, contrast: 1.5, saturation: [0.5, 0.7], hue: 0.2 });
    expectUniform(numbers(facts, 'brightness'), 0.6, 1.4);
    expectUniform(numbers(facts, 'contrast'), 0, 2.5);
    expectUniform(numbers(facts, 'saturation'), 0.5, 0.7);
    expectUniform(numbers(facts, 'hue'), -0.2, 0.2);
    const orders = countEach(facts.map((fact) => String(fact['order'])));
    expect(orders.size).toBe(24);
    for (const count of orders.values()) expect(Math.abs(count / drawCount - 1 / 24)).toBeLessThan(tolerance / 4);
  });

  test('ColorJitter leaves out what has no strength', () => {
    expect(draws('ColorJitter', { brightness: 0, contrast: 0, saturation: 0, hue: 0 })[0]).toEqual({});
    expect(Object.keys(draws('ColorJitter', { brightness: 0, contrast: 0, saturation: 0, hue: 0.1 })[0] ?? {})).toEqual(
      ['hue'],
    );
  });
});

const crop = { size: 25, padding: null, pad_if_needed: false, fill: 0, padding_mode: 'constant' } as const;

function draws<K extends LeafKind>(kind: K, parameters: ResolvedParameters[K]): readonly StepFacts[] {
  const random = createRandom('sampling');
  return Array.from(
    { length: drawCount },
    () => stepRegistry[kind].draw(parameters, random, { width: 40, height: 30 }).facts,
  );
}

function numbers(facts: readonly StepFacts[], name: string): readonly number[] {
  return facts.map((fact) => Number(fact[name]));
}

function countEach<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Kolmogorov–Smirnov: the largest gap between the drawn and the uniform distribution; 1.95/√n is the 0.1 % level. */
function expectUniform(values: readonly number[], low: number, high: number): void {
  const sorted = values.map((value) => (value - low) / (high - low)).sort((a, b) => a - b);
  expect(sorted[0]).toBeGreaterThanOrEqual(0);
  expect(sorted.at(-1)).toBeLessThanOrEqual(1);
  const gap = Math.max(...sorted.map((value, index) => Math.abs(value - (index + 0.5) / sorted.length)));
  expect(gap).toBeLessThan(1.95 / Math.sqrt(values.length));
}
