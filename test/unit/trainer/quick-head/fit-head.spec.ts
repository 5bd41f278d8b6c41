import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src-shared/lib/seeded-random.ts';
import { fitHead } from '../../../../src-main/trainer/quick-head/fit-head.ts';
import {
  openHeadProducts,
  plainProducts,
  type HeadBatch,
} from '../../../../src-main/trainer/quick-head/head-products.ts';
import { loadOnnxRuntime } from '../../../../src-main/trainer/onnx-runtime.ts';

const size = { featureCount: 7, classCount: 4 };
const count = 60;
const penalty = 0.05;
const options = { penalty, tolerance: 1e-5, mostIterations: 500 };

/** Noisy classes of which none can be told apart for sure. */
function makeBatch(seed: string): HeadBatch {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: count }, () => random.integer(size.classCount));
  const features = Float32Array.from(
    { length: count * size.featureCount },
    (_, at) => random.normal() + (at % size.featureCount === labels[Math.floor(at / size.featureCount)] ? 1 : 0),
  );
  return { count, features, labels, shares: new Float32Array(count).fill(1 / count) };
}

/** The gradient of the penalised mean loss, in double precision and written from the definition. */
function exactGradient({ features, labels, shares }: HeadBatch, weights: Float32Array): number[] {
  const { featureCount, classCount } = size;
  const gradient = Array.from({ length: weights.length }, (_, at) =>
    at < featureCount * classCount ? penalty * weights[at]! : 0,
  );
  for (let row = 0; row < count; row += 1) {
    const logits = Array.from({ length: classCount }, (_, column) => {
      let sum = weights[featureCount * classCount + column]!;
      for (let feature = 0; feature < featureCount; feature += 1)
        sum += features[row * featureCount + feature]! * weights[feature * classCount + column]!;
      return sum;
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (let column = 0; column < classCount; column += 1) {
      const error = shares[row]! * (Math.exp(logits[column]!) / total - (labels[row] === column ? 1 : 0));
      gradient[featureCount * classCount + column]! += error;
      for (let feature = 0; feature < featureCount; feature += 1)
        gradient[feature * classCount + column]! += error * features[row * featureCount + feature]!;
    }
  }
  return gradient;
}

const zero = (): Float32Array => new Float32Array((size.featureCount + 1) * size.classCount);
const largest = (values: Iterable<number>): number => Math.max(...[...values].map(Math.abs));

describe.each([
  ['plain JavaScript', () => Promise.resolve(plainProducts(size))],
  ['ONNX Runtime', async () => openHeadProducts(await loadOnnxRuntime(), size, 1)],
])('a quick head on %s', (_name, open) => {
  it('ends where the exact gradient of the penalised loss is zero', async () => {
    const products = await open();
    const batch = makeBatch('a');
    const fit = await fitHead(products, batch, zero(), options);
    expect(largest(exactGradient(batch, fit.point))).toBeLessThan(2e-5);
    expect(largest(exactGradient(batch, zero()))).toBeGreaterThan(0.05);
    await products.dispose();
  });

  it('ends at the same weights wherever it starts, and repeats itself to the bit', async () => {
    const products = await open();
    const batch = makeBatch('b');
    const random = createRandom('start');
    const fromZero = await fitHead(products, batch, zero(), options);
    const fromElsewhere = await fitHead(
      products,
      batch,
      zero().map(() => random.normal()),
      options,
    );
    // The bias has a free direction: all of it up by as much changes nothing.
    const kernel = (weights: Float32Array): Float32Array => weights.subarray(0, size.featureCount * size.classCount);
    const apart = kernel(fromZero.point).map((weight, at) => weight - fromElsewhere.point[at]!);
    expect(largest(apart)).toBeLessThan(1e-3);
    expect((await fitHead(products, batch, zero(), options)).point).toEqual(fromZero.point);
    await products.dispose();
  });

  it('learns nothing from rows without a share', async () => {
    const products = await open();
    const batch = makeBatch('c');
    const half = batch.shares.map((_share, row) => (row < count / 2 ? 2 / count : 0));
    const masked = await fitHead(products, { ...batch, shares: half }, zero(), options);
    const changed = batch.labels.map((label, row) => (row < count / 2 ? label : (label + 1) % size.classCount));
    const other = await fitHead(products, { ...batch, labels: changed, shares: half }, zero(), options);
    expect(other.point).toEqual(masked.point);
    await products.dispose();
  });
});

it('both ways give the same loss, gradient and probabilities', async () => {
  const random = createRandom('weights');
  const weights = zero().map(() => random.normal());
  const batch = makeBatch('d');
  const plain = plainProducts(size);
  const onnx = await openHeadProducts(await loadOnnxRuntime(), size, 1);
  const [a, b] = [await plain.pass(batch, weights), await onnx.pass(batch, weights)];
  expect(a.loss).toBeCloseTo(b.loss, 5);
  expect(largest(a.gradient.map((value, at) => value - b.gradient[at]!))).toBeLessThan(1e-5);
  const rows = await onnx.probabilities(count, batch.features, weights);
  expect(largest(rows.map((value, at) => value - a.probabilities[at]!))).toBeLessThan(1e-5);
  await onnx.dispose();
});

it('stops where it is told to', async () => {
  let asked = 0;
  const fit = await fitHead(plainProducts(size), makeBatch('e'), zero(), { ...options, shouldStop: () => ++asked > 3 });
  expect(fit).toMatchObject({ isStopped: true, iterations: 3 });
});
