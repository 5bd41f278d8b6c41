import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stepRegistry } from '../../../src-main/imaging/step-registry.ts';
import { drawDisplaced } from '../../../src-main/imaging/kernels/displacement.ts';
import type { ResolvedParameters } from '../../../src-shared/domain/pipeline/resolve.ts';
import { draws, expectUniform, numbers } from '../../support/step-draws.ts';
import { toColor } from '../../../src-main/imaging/step.ts';
import { createRandom, type Random } from '../../../src-shared/lib/seeded-random.ts';

interface Golden {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
  readonly cases: readonly {
    readonly parameters: ResolvedParameters['ElasticTransform'];
    /** Uniform numbers that torch drew, along x and then along y. */
    readonly noise: readonly (readonly number[])[];
    readonly pushes: readonly [readonly number[], readonly number[]];
    readonly pixels: readonly number[];
  }[];
}

// Written by the displacement.py beside it.
const file = new URL('../../fixtures/torchvision/displacement.json', import.meta.url);
const { width, height, pixels, cases } = JSON.parse(readFileSync(file, 'utf8')) as Golden;
const image = { width, height, data: Uint8Array.from(pixels) };

describe.each(cases)('ElasticTransform with $parameters', ({ parameters, noise, pushes, pixels: expected }) => {
  test('draws torchvision’s picture of fixed pushes', () => {
    const { interpolation, fill } = parameters;
    const [x, y] = pushes.map((values) => Float64Array.from(values)) as [Float64Array, Float64Array];
    const drawn = drawDisplaced(image, { x, y, interpolation, fill: toColor(fill) });
    expect(differences(drawn.data, expected)).toEqual({ most: expect.any(Number) as number, beyondOne: 0 });
  });

  test('makes of torch’s noise what torchvision makes of it', () => {
    const draw = stepRegistry.ElasticTransform.draw(parameters, replay(noise.flat()), image);
    const value = draw.apply({ type: 'picture', image });
    if (value.type !== 'picture') throw new Error('Expected a picture');
    // Where a position lies between two pixels, single and double precision may take either of them.
    expect(differences(value.image.data, expected).beyondOne).toBeLessThanOrEqual(
      parameters.interpolation === 'nearest' ? 3 : 0,
    );
  });
});

/** A stream that gives these numbers. */
function replay(numbers: readonly number[]): Random {
  let at = 0;
  return { ...createRandom(0), next: () => numbers[at++] ?? Number.NaN };
}

function differences(actual: Uint8Array, expected: readonly number[]): { most: number; beyondOne: number } {
  expect(actual.length).toBe(expected.length);
  const gaps = expected.map((value, index) => Math.abs(value - actual[index]!));
  return { most: Math.max(...gaps), beyondOne: gaps.filter((gap) => gap > 1).length };
}

describe('the noise that ElasticTransform draws', () => {
  const parameters = { interpolation: 'bilinear', fill: 0 } as const;

  test('is uniform and the same for both directions, but drawn for each', () => {
    // A kernel of one pixel smooths nothing: of n pushes the largest, in the power n, is uniform as well.
    const size = { width: 4, height: 3 };
    const facts = draws('ElasticTransform', { ...parameters, alpha: [30, 80], sigma: 0.1 }, size);
    const powers = (field: string, most: number): readonly number[] =>
      numbers(facts, field).map((push) => (push / most) ** (size.width * size.height));
    const [x, y] = [powers('mostX', 15), powers('mostY', 40)];
    expectUniform(x, 0, 1);
    expectUniform(y, 0, 1);
    const covariance = x.reduce((sum, value, index) => sum + (value - 0.5) * (y[index]! - 0.5), 0) / x.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(x.length));
  });

  test('is smoothed by a Gaussian: so large a push, and so like its neighbours’', () => {
    const [side, sigma, alpha, slope] = [72, 2, 40, 3];
    const ramp = { width: side, height: side, data: new Uint8Array(side * side * 3) };
    for (let at = 0; at < ramp.data.length; at += 1) ramp.data[at] = (Math.floor(at / 3) % side) * slope;
    const margin = 20;
    const pushes: number[][] = [];
    for (let seed = 0; seed < 60; seed += 1) {
      const draw = stepRegistry.ElasticTransform.draw({ ...parameters, alpha, sigma }, createRandom(seed), ramp);
      const value = draw.apply({ type: 'picture', image: ramp });
      if (value.type !== 'picture') throw new Error('Expected a picture');
      // A ramp shows how far each pixel looked to the right. Every sixth row: rows nearby look alike.
      for (let row = margin; row < side - margin; row += 6) {
        const seen = (column: number): number => value.image.data[(row * side + column) * 3]! / slope - column;
        pushes.push(Array.from({ length: side - 2 * margin }, (_, index) => seen(margin + index)));
      }
    }
    const weights = gaussian(sigma, Math.trunc(8 * sigma + 1));
    const squares = weights.reduce((sum, weight) => sum + weight ** 2, 0);
    // A uniform number in −1 … 1 has a variance of 1/3, and grey levels are rounded.
    const expected = Math.sqrt(((alpha / 2) ** 2 / 3) * squares ** 2 + 1 / (12 * slope ** 2));
    expect(Math.sqrt(meanOf(pushes.flat().map((push) => push ** 2))) / expected).toBeCloseTo(1, 1);
    const alike = meanOf(pushes.flatMap((row) => row.slice(3).map((push, index) => push * row[index]!)));
    const shifted = weights.slice(3).reduce((sum, weight, index) => sum + weight * weights[index]!, 0);
    expect(alike / expected ** 2).toBeCloseTo(shifted / squares, 1);
  });
});

/** As torchvision makes its kernel. */
function gaussian(sigma: number, size: number): readonly number[] {
  const raw = Array.from({ length: size }, (_, index) => Math.exp(-0.5 * ((index - (size - 1) / 2) / sigma) ** 2));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
