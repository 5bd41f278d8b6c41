import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stepRegistry } from '../../../src-main/imaging/step-registry.ts';
import { drawDisplaced } from '../../../src-main/imaging/kernels/displacement.ts';
import type { ResolvedParameters } from '../../../src-shared/domain/pipeline/resolve.ts';
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
