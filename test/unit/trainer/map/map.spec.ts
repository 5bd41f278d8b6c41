import { expect, it } from 'vitest';
import { layOut } from '../../../../src-main/trainer/map/lay-out.ts';
import { nearest, toUnitLength, type Neighbours } from '../../../../src-main/trainer/map/nearest.ts';
import { placeAmong } from '../../../../src-main/trainer/map/place-among.ts';
import { principalPlane } from '../../../../src-main/trainer/map/principal-plane.ts';
import { openScalarProducts } from '../../../../src-main/trainer/map/scalar-products.ts';
import { createRandom } from '../../../../src-shared/lib/seeded-random.ts';

const length = 12;

/** Rows at unit length in three groups, row r in group r % 3. */
function groupedRows(count: number): Float32Array {
  const random = createRandom('rows');
  const centres = Array.from({ length: 3 }, () => Array.from({ length }, () => random.normal() * 3));
  const rows = Float32Array.from(
    { length: count * length },
    (_, at) => (centres[Math.floor(at / length) % 3]?.[at % length] ?? 0) + random.normal(),
  );
  toUnitLength(rows, length);
  return rows;
}

async function neighboursOf(rows: Float32Array, count: number): Promise<Neighbours> {
  const points = rows.length / length;
  const products = await openScalarProducts(null, rows, { length, threadCount: 1 });
  return nearest(await products.of(rows, points), points, { count, selfOf: (row) => row });
}

it('finds the nearest points as sorting all of them does, each point itself first', async () => {
  const rows = groupedRows(40);
  const { indices, distances } = await neighboursOf(rows, 7);
  const cosine = (a: number, b: number): number =>
    Array.from({ length }, (_, at) => rows[a * length + at]! * rows[b * length + at]!).reduce(
      (sum, one) => sum + one,
      0,
    );
  for (let row = 0; row < 40; row += 1) {
    const others = Array.from({ length: 40 }, (_, point) => point).filter((point) => point !== row);
    others.sort((a, b) => cosine(row, b) - cosine(row, a));
    expect([...indices.subarray(row * 7, (row + 1) * 7)]).toEqual([row, ...others.slice(0, 6)]);
    expect(distances[row * 7]).toBe(0);
  }
});

it('the principal plane is that of the two directions in which rows vary most, the same way round each time', () => {
  const random = createRandom('plane');
  const [first, second] = [random.normal, random.normal].map((next) => Array.from({ length: 200 }, () => next()));
  const rows = new Float32Array(200 * length).map((_, at) => random.normal() * 0.01 + (at % length === 5 ? 7 : 0));
  first!.forEach((value, row) => void (rows[row * length + 2]! += 10 * value));
  second!.forEach((value, row) => void (rows[row * length + 9]! += 3 * value));
  const plane = principalPlane(rows, rows, length);
  const correlation = (axis: number, values: readonly number[]): number => {
    const own = values.map((_, row) => plane[2 * row + axis]!);
    const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
    const [a, b] = [own, values].map((list) => list.map((one) => one - mean(list)));
    const product = (x: readonly number[], y: readonly number[]): number =>
      x.reduce((sum, one, index) => sum + one * y[index]!, 0);
    return product(a!, b!) / Math.sqrt(product(a!, a!) * product(b!, b!));
  };
  expect(correlation(0, first!)).toBeGreaterThan(0.98);
  expect(correlation(1, second!)).toBeGreaterThan(0.98);
  expect(principalPlane(rows, rows, length)).toEqual(plane);
});

it('lays groups out apart, to the same places each time, and ends when it is told to', async () => {
  const rows = groupedRows(90);
  const neighbours = await neighboursOf(rows, 10);
  const start = principalPlane(rows, rows, length);
  const draw = (): Promise<Float32Array | null> =>
    layOut(neighbours, { start, seed: 1, onRound: () => Promise.resolve(true) });
  const places = await draw();
  if (!places) throw new Error('It was not ended');
  const distance = (a: number, b: number): number =>
    Math.hypot(places[2 * a]! - places[2 * b]!, places[2 * a + 1]! - places[2 * b + 1]!);
  let own = 0;
  for (let row = 0; row < 90; row += 1) {
    const others = Array.from({ length: 90 }, (_, point) => point).filter((point) => point !== row);
    others.sort((a, b) => distance(row, a) - distance(row, b));
    own += others.slice(0, 5).filter((point) => point % 3 === row % 3).length / 5;
  }
  expect(own / 90).toBeGreaterThan(0.95);
  expect(await draw()).toEqual(places);
  let rounds = 0;
  const onRound = (): Promise<boolean> => Promise.resolve((rounds += 1) < 3);
  expect([await layOut(neighbours, { start, seed: 1, onRound }), rounds]).toEqual([null, 3]);
});

it('places further rows among the nearest points, the nearer the heavier, and never between two groups', () => {
  const places = Float32Array.of(0, 0, 2, 0, 100, 100, 0, 0, 0, 0, 0, 0);
  const near = {
    ...{ count: 6, indices: Int32Array.of(0, 1, 3, 4, 5, 2), distances: Float32Array.of(0, 0, 0, 0, 0, 0.9) },
  };
  expect([...placeAmong(near, places)]).toEqual([Math.fround(2 / 5), 0]);
  const heavier = { ...near, distances: Float32Array.of(0.5, 0, 0, 0, 0, 0.9) };
  expect(placeAmong({ ...heavier, distances: Float32Array.of(0, 0.5, 0.5, 0.5, 0.5, 0.9) }, places)[0]).toBeLessThan(
    0.4,
  );
});
