import { describe, expect, it } from 'vitest';
import { createRandom, restoreRandom } from '../../../src-shared/lib/seeded-random.ts';

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

describe('createRandom', () => {
  it('gives the same stream for the same seed and another for a neighbouring one', () => {
    const stream = draw(5, createRandom(7).next);
    expect(draw(5, createRandom(7).next)).toEqual(stream);
    expect(draw(5, createRandom(8).next)).not.toEqual(stream);
    expect(draw(5, createRandom('7/epoch/1').next)).not.toEqual(stream);
  });

  it('continues exactly where its state was taken', () => {
    const random = createRandom('resume');
    draw(100, random.next);
    const restored = restoreRandom(random.state());
    expect(draw(20, restored.next)).toEqual(draw(20, random.next));
  });

  it('is uniform: chi-squared over 64 bins of 64,000 draws stays below its 99.9 % point', () => {
    const random = createRandom(1);
    const bins = new Array<number>(64).fill(0);
    for (let index = 0; index < 64_000; index += 1) {
      const bin = Math.floor(random.next() * 64);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquared = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 99.9 % point of chi-squared with 63 degrees of freedom.
    expect(chiSquared).toBeLessThan(103.4);
  });

  it('permutes without losing or repeating', () => {
    const order = createRandom(3).permutation(1000);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });

  it('keeps every integer below its bound and reaches all of them', () => {
    const random = createRandom(5);
    expect(new Set(Array.from({ length: 500 }, () => random.integer(10)))).toEqual(
      new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    );
  });

  it('has mean 0 and variance 1 where it says normal', () => {
    const random = createRandom(11);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});
