import { describe, expect, test } from 'vitest';
import {
  drawAugMix,
  drawAutoAugment,
  drawRandAugment,
  drawTrivialAugmentWide,
} from '../../../src-main/imaging/policies/draws.ts';
import {
  augMixSpace,
  randAugmentSpace,
  trivialAugmentWideSpace,
  type OperationSpace,
} from '../../../src-main/imaging/policies/magnitudes.ts';
import type { DrawnOperation } from '../../../src-main/imaging/policies/operation.ts';
import { subPolicies } from '../../../src-main/imaging/policies/sub-policies.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const drawCount = 20_000;
const size = { width: 160, height: 120 };
const mixing = { severity: 3, mixture_width: 3, chain_depth: -1, alpha: 1, all_ops: true };

test('RandAugment draws every operation equally, either sign, at the one magnitude', () => {
  const drawn = many((random) => drawRandAugment({ num_ops: 2, magnitude: 9, num_magnitude_bins: 31 }, random, size));
  expect(drawn.every((operations) => operations.length === 2)).toBe(true);
  expectEqualShares(drawn.flat(), randAugmentSpace(31, size), (values) => (values.length === 0 ? [0] : [values[9]!]));
});

test('TrivialAugmentWide draws one operation, every one and every magnitude equally', () => {
  const drawn = many((random) => drawTrivialAugmentWide({ num_magnitude_bins: 5 }, random));
  expect(drawn.every((operations) => operations.length === 1)).toBe(true);
  expectEqualShares(drawn.flat(), trivialAugmentWideSpace(5), (values) => (values.length === 0 ? [0] : values));
});

describe('AutoAugment', () => {
  test.each(['imagenet', 'cifar10', 'svhn'] as const)(
    '%s does each operation as often as its sub-policies say',
    (policy) => {
      const counts = countNames(many((random) => drawAutoAugment({ policy }, random, size)).flat());
      const table = subPolicies[policy].flat();
      for (const name of new Set(table.map(([each]) => each))) {
        const expected = table.filter(([each]) => each === name).reduce((sum, [, share]) => sum + share, 0) / 25;
        expect(Math.abs((counts.get(name) ?? 0) / drawCount - expected), name).toBeLessThan(fiveErrors(expected));
      }
    },
  );

  test('gives a sub-policy’s operation its magnitude, in either sign where it has one', () => {
    const drawn = many((random) => drawAutoAugment({ policy: 'imagenet' }, random, size)).flat();
    const magnitudes = (name: string): ReadonlySet<number> =>
      new Set(drawn.filter((each) => each.name === name).map(({ magnitude }) => Math.round(magnitude * 1000) / 1000));
    expect(magnitudes('Sharpness')).toEqual(new Set([0.7, -0.7]));
    expect(magnitudes('ShearX')).toEqual(new Set([0.167, -0.167]));
    expect(magnitudes('Posterize')).toEqual(new Set([4, 5, 6]));
    expect(magnitudes('Equalize')).toEqual(new Set([0]));
  });
});

describe('AugMix', () => {
  test('mixes shares that sum to 1, the picture’s own uniform where alpha is 1', () => {
    const drawn = many((random) => drawAugMix(mixing, random, size));
    for (const { share, chains } of drawn) {
      expect(chains.reduce((sum, chain) => sum + chain.share, share)).toBeCloseTo(1, 12);
    }
    const shares = drawn.map(({ share }) => share).sort((a, b) => a - b);
    const gap = Math.max(...shares.map((value, index) => Math.abs(value - (index + 0.5) / shares.length)));
    expect(gap).toBeLessThan(1.95 / Math.sqrt(drawCount));
    const firstOfChains = drawn.map(({ share, chains }) => chains[0]!.share / (1 - share));
    expect(firstOfChains.reduce((sum, value) => sum + value, 0) / drawCount).toBeCloseTo(1 / 3, 1);
  });

  test('draws one to three operations a chain equally, or the depth that is asked for', () => {
    const lengths = many((random) => drawAugMix(mixing, random, size)).flatMap(({ chains }) =>
      chains.map(({ operations }) => operations.length),
    );
    for (const length of [1, 2, 3]) {
      const share = lengths.filter((each) => each === length).length / lengths.length;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(fiveErrors(1 / 3));
    }
    const { chains } = drawAugMix({ ...mixing, chain_depth: 4, mixture_width: 2 }, createRandom(1), size);
    expect(chains.map(({ operations }) => operations.length)).toEqual([4, 4]);
  });

  test('draws every operation equally, and magnitudes below its severity', () => {
    const drawn = many((random) => drawAugMix({ ...mixing, all_ops: false, chain_depth: 1 }, random, size));
    const operations = drawn.flatMap(({ chains }) => chains.flatMap((chain) => chain.operations));
    expectEqualShares(operations, augMixSpace(false, size), (values) =>
      values.length === 0 ? [0] : values.slice(0, 3),
    );
  });
});

function many<T>(draw: (random: ReturnType<typeof createRandom>) => T): readonly T[] {
  const random = createRandom('policies');
  return Array.from({ length: drawCount }, () => draw(random));
}

/** Each operation has an equal share, and so has each of its magnitudes, and each sign of those. */
function expectEqualShares(
  drawn: readonly DrawnOperation[],
  space: OperationSpace,
  strengths: (values: readonly number[]) => readonly number[],
): void {
  const expected = new Map<string, number>();
  for (const [name, { values, isSigned }] of space) {
    const signed = strengths(values).flatMap((value) => (isSigned ? [value, -value] : [value]));
    for (const magnitude of signed) {
      const key = `${name} ${String(magnitude)}`;
      expected.set(key, (expected.get(key) ?? 0) + 1 / space.length / signed.length);
    }
  }
  const counts = new Map<string, number>();
  for (const { name, magnitude } of drawn) {
    const key = `${name} ${String(magnitude)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(new Set(counts.keys())).toEqual(new Set(expected.keys()));
  for (const [key, share] of expected) {
    expect(Math.abs((counts.get(key) ?? 0) / drawn.length - share), key).toBeLessThan(fiveErrors(share, drawn.length));
  }
}

function countNames(drawn: readonly DrawnOperation[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of drawn) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Five standard errors: a fair generator leaves them once in two million fixed seeds. */
function fiveErrors(share: number, count = drawCount): number {
  return 5 * Math.sqrt(Math.max(share, 1 / count) / count);
}
