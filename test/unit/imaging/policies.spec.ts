import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import type { DrawnMixture } from '../../../src-main/imaging/policies/draws.ts';
import {
  augMixSpace,
  autoAugmentSpace,
  randAugmentSpace,
  trivialAugmentWideSpace,
  type Magnitudes,
  type OperationSpace,
} from '../../../src-main/imaging/policies/magnitudes.ts';
import { mixChains } from '../../../src-main/imaging/policies/mix.ts';
import {
  applyOperation,
  describeOperations,
  type DrawnOperation,
  type Placing,
} from '../../../src-main/imaging/policies/operation.ts';
import { subPolicies } from '../../../src-main/imaging/policies/sub-policies.ts';
import type { ImageSize } from '../../../src-main/imaging/kernels/rgb-image.ts';

interface Golden {
  readonly input: string;
  readonly interpolation: Placing['interpolation'];
  readonly expected: string;
}

interface Fixture {
  readonly sparse: number;
  readonly size: ImageSize;
  readonly subPolicies: unknown;
  readonly spaces: Readonly<Record<string, Readonly<Record<string, Magnitudes>>>>;
  readonly operations: readonly (Golden & DrawnOperation & Pick<Placing, 'fill'>)[];
  readonly mixtures: readonly (Golden & DrawnMixture)[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/policies/policies.json', import.meta.url), 'utf8'),
) as Fixture;
const pictures = fileURLToPath(new URL('../../fixtures/torchvision/', import.meta.url));
const { size } = fixture;

test('the sub-policies are those of torchvision', () => {
  expect(subPolicies).toEqual(fixture.subPolicies);
});

describe('operations and magnitudes equal torchvision’s, in order', () => {
  const spaces: Readonly<Record<string, OperationSpace>> = {
    AutoAugment: autoAugmentSpace(size),
    ...Object.fromEntries([2, 11, 31, 37].map((bins) => [`RandAugment ${bins}`, randAugmentSpace(bins, size)])),
    ...Object.fromEntries([2, 13, 31, 50].map((bins) => [`TrivialAugmentWide ${bins}`, trivialAugmentWideSpace(bins)])),
    'AugMix all': augMixSpace(true, size),
    'AugMix some': augMixSpace(false, size),
  };

  test.each(Object.entries(fixture.spaces))('%s', (name, expected) => {
    expect(spaces[name]).toEqual(Object.entries(expected));
  });
});

describe('an operation’s pixels equal torchvision’s', () => {
  test.each(fixture.operations)('$name $magnitude, $interpolation, $input', async (golden) => {
    const made = applyOperation(await decodeImage(pictures + golden.input), golden, { ...golden, isEdgeSoft: false });
    // Bilinear cuts fractions off, so the last bit of a tangent can show.
    expect(largestDifference(made.data, golden.expected)).toBeLessThanOrEqual(
      golden.interpolation === 'bilinear' ? 1 : 0,
    );
  });
});

describe('AugMix mixes as torchvision does', () => {
  test.each(fixture.mixtures)('$input, $interpolation, $chains', async (golden) => {
    const made = mixChains(await decodeImage(pictures + golden.input), golden, {
      interpolation: golden.interpolation,
      fill: [0, 0, 0],
      isEdgeSoft: true,
    });
    expect(largestDifference(made.data, golden.expected)).toBeLessThanOrEqual(1);
  });
});

test('says what was drawn: magnitudes where there are any, Identity where nothing was', () => {
  const drawn = [
    { name: 'Rotate', magnitude: -12.00004 },
    { name: 'Equalize', magnitude: 0 },
    { name: 'Posterize', magnitude: 4 },
  ] as const;
  expect(describeOperations(drawn)).toBe('Rotate -12, Equalize, Posterize 4');
  expect(describeOperations([])).toBe('Identity');
});

function largestDifference(actual: Uint8Array, expected: string): number {
  const kept = actual.filter((_, index) => index % fixture.sparse === 0);
  const values = Buffer.from(expected, 'base64');
  expect(kept.length).toBe(values.length);
  return kept.reduce((largest, value, index) => Math.max(largest, Math.abs(value - values[index]!)), 0);
}
