import { describe, expect, it } from 'vitest';
import { drawBeta } from '../../../src-main/trainer/train/beta.ts';
import { mixBatch, type MixableBatch } from '../../../src-main/trainer/train/mixing.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

describe('Beta(α, α)', () => {
  /** Cumulative distributions that have a closed form: the arcsine law and the uniform one. */
  const laws = [
    { alpha: 0.5, cumulative: (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x)) },
    { alpha: 1, cumulative: (x: number) => x },
    { alpha: 2, cumulative: (x: number) => 3 * x ** 2 - 2 * x ** 3 },
  ];
  it.each(laws)('with α $alpha follows its law', ({ alpha, cumulative }) => {
    const random = createRandom(`beta/${alpha}`);
    const count = 20_000;
    const draws = Float64Array.from({ length: count }, () => drawBeta(random, alpha)).toSorted();
    const distance = Math.max(...draws.map((x, index) => Math.abs(cumulative(x) - (index + 0.5) / count)));
    // Kolmogorov and Smirnov's bound at 0.1 %.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });

  it('with a very small α is 0 or 1, never not a number', () => {
    const random = createRandom('tiny');
    for (let draw = 0; draw < 2000; draw += 1) expect(drawBeta(random, 0.01)).toBeGreaterThanOrEqual(0);
  });
});

const [height, width] = [6, 8];
/** Image i is i + 1 everywhere, of class i. */
function makeBatch(): MixableBatch {
  const count = 3;
  const values = Float32Array.from(
    { length: count * height * width },
    (_, at) => Math.floor(at / (height * width)) + 1,
  );
  const labels = Float32Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0));
  return { values, labels, count, imageShape: [height, width, 1] };
}

describe('mixup', () => {
  it('blends each image and its label with the one before it in one proportion', () => {
    const batch = makeBatch();
    expect(mixBatch(batch, { kind: 'mixup', alpha: 0.4 }, createRandom(5))).toBe(true);
    const [proportion = NaN] = batch.labels;
    expect(proportion).toBeGreaterThan(0);
    const other = Math.fround(1 - proportion);
    expect([...batch.labels].map((share) => Math.round(share * 1e6))).toEqual(
      [proportion, 0, other, other, proportion, 0, 0, other, proportion].map((share) => Math.round(share * 1e6)),
    );
    [1, 2, 3].forEach((own, row) => {
      const previous = [3, 1, 2][row] ?? 0;
      expect(batch.values[row * height * width]).toBeCloseTo(own * proportion + previous * (1 - proportion), 5);
    });
  });

  it('blends features too', () => {
    const batch = { ...makeBatch(), imageShape: null };
    expect(mixBatch(batch, { kind: 'mixup', alpha: 1 }, createRandom(1))).toBe(true);
  });
});

describe('cutmix', () => {
  it('pastes one box of the image before and gives the labels the shares of the pixels', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const batch = makeBatch();
      expect(mixBatch(batch, { kind: 'cutmix', alpha: 1 }, createRandom(seed))).toBe(true);
      const places = Array.from({ length: 3 }, (_, row) => {
        const image = batch.values.subarray(row * height * width, (row + 1) * height * width);
        return [...image.keys()].filter((at) => image[at] !== row + 1);
      });
      expect(places[1]).toEqual(places[0]);
      expect(places[2]).toEqual(places[0]);
      const pasted = places[0] ?? [];
      const [rows, columns] = [pasted.map((at) => Math.floor(at / width)), pasted.map((at) => at % width)];
      const extent = (list: readonly number[]): number =>
        list.length === 0 ? 0 : Math.max(...list) - Math.min(...list) + 1;
      expect(pasted).toHaveLength(extent(rows) * extent(columns));
      expect(batch.labels[0]).toBeCloseTo(1 - pasted.length / (width * height), 6);
      expect(batch.labels[2]).toBeCloseTo(pasted.length / (width * height), 6);
    }
  });

  it('leaves features alone, which have no places', () => {
    const batch = { ...makeBatch(), imageShape: null };
    expect(mixBatch(batch, { kind: 'cutmix', alpha: 1 }, createRandom(1))).toBe(false);
    expect(batch.values).toEqual(makeBatch().values);
    expect(batch.labels).toEqual(makeBatch().labels);
  });
});
