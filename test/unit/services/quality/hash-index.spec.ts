import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPairsWithin, hammingDistance, type Hashes } from '../../../../src-main/services/quality/hash-index.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Hashes that lie close to a few centres, so that many pairs are near the limit. */
const hashes = fc
  .array(
    fc.record({
      high: fc.constantFrom(0, 0xffff0000, 0x12345678),
      low: fc.constantFrom(0, 0x0f0f0f0f, 0xdeadbeef),
      flips: fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 8 }),
      noise: fc.option(fc.tuple(word, word), { freq: 4 }),
    }),
    { maxLength: 60 },
  )
  .map((items): Hashes => {
    const words = items.map(({ high, low, flips, noise }) => flipBits(noise ?? [high, low], flips));
    const distinct = [...new Map(words.map((pair) => [pair.join(), pair])).values()];
    return {
      high: Uint32Array.from(distinct, ([a]) => a),
      low: Uint32Array.from(distinct, ([, b]) => b),
    };
  });

function flipBits([high, low]: readonly [number, number], bits: readonly number[]): readonly [number, number] {
  const flip = (word: number, from: number): number =>
    bits.filter((bit) => bit >= from && bit < from + 32).reduce((all, bit) => all ^ (1 << (bit - from)), word) >>> 0;
  return [flip(high, 0), flip(low, 32)];
}

function compareAll(of: Hashes, radius: number): string[] {
  const pairs: string[] = [];
  for (let a = 0; a < of.high.length; a += 1) {
    for (let b = a + 1; b < of.high.length; b += 1) {
      const distance = hammingDistance(of, a, b);
      if (distance <= radius) pairs.push(`${a}-${b}: ${distance}`);
    }
  }
  return pairs.sort();
}

describe('the index of hashes', () => {
  it('finds exactly the pairs that comparing each with each finds, each once', () => {
    fc.assert(
      fc.property(hashes, fc.integer({ min: 0, max: 11 }), (of, radius) => {
        const found: string[] = [];
        findPairsWithin(of, radius, (a, b, distance) => found.push(`${a}-${b}: ${distance}`));
        expect(found.sort()).toEqual(compareAll(of, radius));
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a radius for which four chunks of 16 bits are too coarse', () => {
    const none = { high: new Uint32Array(0), low: new Uint32Array(0) };
    expect(() => findPairsWithin(none, 12, () => undefined)).toThrow('Expected ‹0 … 11› for ‹radius›, received ‹12›');
  });

  it('counts differing bits over both words', () => {
    const of = { high: Uint32Array.of(0, 0xffffffff), low: Uint32Array.of(0, 0x80000001) };
    expect(hammingDistance(of, 0, 1)).toBe(34);
  });
});
