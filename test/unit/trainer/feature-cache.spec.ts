import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageIdSchema, type ImageId } from '../../../src-shared/domain/ids.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { clearFeatures, listFeatureSets } from '../../../src-main/storage/feature-cache.ts';
import { FeatureCache, featureSetName, type FeatureKey } from '../../../src-main/trainer/features/feature-cache.ts';
import { FeatureStore } from '../../../src-main/trainer/features/feature-store.ts';

const key: FeatureKey = {
  engine: 'ONNX Runtime 1 (cpu)',
  backboneSha256: 'b',
  layer: 'features',
  inputSize: 8,
  steps: [],
  variant: null,
};
const rowLength = 2;
const idOf = (digit: string): ImageId => v.parse(imageIdSchema, digit.repeat(64));
const records = [
  { imageId: idOf('a'), features: Float32Array.of(0.1, -2) },
  { imageId: idOf('b'), features: Float32Array.of(3, 1e-30) },
  { imageId: idOf('c'), features: Float32Array.of(5, 6) },
];

const resizeAndMore = resolveSteps([createStep('Resize', 'resize'), createStep('ToTensor', 'tensor')], {
  ...{ inputSize: 8, mean: [0, 0, 0], std: [1, 1, 1] },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill(ofKey = key, added = records): Promise<void> {
  const cache = await FeatureCache.open(folder, ofKey, rowLength);
  await cache.add(added);
  await cache.close();
}

async function idsOf(ofKey = key): Promise<readonly string[]> {
  const cache = await FeatureCache.open(folder, ofKey, rowLength);
  await cache.close();
  return records.filter(({ imageId }) => cache.has(imageId)).map(({ imageId }) => imageId.slice(0, 1));
}

async function shards(): Promise<readonly string[]> {
  const own = path.join(folder, featureSetName(key));
  return (await readdir(own)).sort().map((name) => path.join(own, name));
}

describe('features on disk', () => {
  it.each([
    ['in memory', 1e6],
    ['half in memory', 16],
    ['on disk', 0],
  ])('come back to the bit and in any order, %s', async (_where, residentBytes) => {
    await fill();
    const cache = await FeatureCache.open(folder, key, rowLength);
    const rows = cache.rows([idOf('c'), idOf('a'), idOf('b')], residentBytes);
    expect(rows.gather([2, 0, 2])).toEqual(Float32Array.of(3, 1e-30, 5, 6, 3, 1e-30));
    expect(rows.gather([1, 2])).toEqual(Float32Array.of(0.1, -2, 3, 1e-30));
    await cache.close();
  });

  it('can be read as soon as they are added', async () => {
    const cache = await FeatureCache.open(folder, key, rowLength);
    await cache.add(records.slice(0, 1));
    await cache.add(records.slice(1));
    expect(cache.rows([idOf('b'), idOf('a')], 0).gather([0, 1])).toEqual(Float32Array.of(3, 1e-30, 0.1, -2));
    await cache.close();
  });

  const pad = (id: string, padding: number): ResolvedStep => ({
    id,
    kind: 'Pad',
    parameters: { padding: 1, fill: padding, padding_mode: 'constant' },
  });
  it.each<[string, Partial<FeatureKey>]>([
    ['engine', { engine: 'TensorFlow 2 (cpu)' }],
    ['backbone', { backboneSha256: 'c' }],
    ['layer', { layer: 'block3b_add' }],
    ['input size', { inputSize: 9 }],
    ['steps', { steps: [pad('one', 1)] }],
    ['variant', { variant: '1/variant/0' }],
  ])('are others for another %s', async (_part, change) => {
    await fill({ ...key, steps: [pad('one', 0)] });
    expect(await idsOf({ ...key, steps: [pad('one', 0)], ...change })).toEqual([]);
  });

  it('are the same whatever the steps are called', async () => {
    await fill({ ...key, steps: [pad('one', 0)] });
    expect(await idsOf({ ...key, steps: [pad('another', 0)] })).toEqual(['a', 'b', 'c']);
  });

  it('are others for another random step of the same kind, which draws otherwise', async () => {
    const flip = (id: string): FeatureKey => ({
      ...key,
      steps: [{ id, kind: 'RandomHorizontalFlip', parameters: { p: 0.5 } }],
      variant: '1/variant/0',
    });
    await fill(flip('one'));
    expect(await idsOf(flip('one'))).toEqual(['a', 'b', 'c']);
    expect(await idsOf(flip('another'))).toEqual([]);
  });
});

describe('damage', () => {
  it('of a torn end loses the torn record only, and what is added later is kept', async () => {
    await fill();
    const [shard = ''] = await shards();
    const bytes = await readFile(shard);
    await writeFile(shard, bytes.subarray(0, bytes.length - 3));
    expect(await idsOf()).toEqual(['a', 'b']);
    await fill(key, records.slice(2));
    expect(await idsOf()).toEqual(['a', 'b', 'c']);
  });

  it('inside a record is noticed, and loses no other', async () => {
    await fill();
    const [shard = ''] = await shards();
    const bytes = await readFile(shard);
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    await writeFile(shard, bytes);
    expect(await idsOf()).toEqual(['b', 'c']);
  });
});

describe('two trainings at once', () => {
  it('write to shards of their own and see each other’s the next time', async () => {
    const [one, other] = [
      await FeatureCache.open(folder, key, rowLength),
      await FeatureCache.open(folder, key, rowLength),
    ];
    await one.add(records.slice(0, 2));
    await other.add(records.slice(1));
    await Promise.all([one.close(), other.close()]);
    expect(await shards()).toHaveLength(2);
    expect(await idsOf()).toEqual(['a', 'b', 'c']);
  });
});

describe('the limit', () => {
  const keyOf = (variant: string): FeatureKey => ({ ...key, variant });
  /** 36 bytes before the numbers. */
  const bytesOfSet = records.length * (36 + 4 * rowLength);

  async function usedAt(variant: string, second: number): Promise<void> {
    await utimes(path.join(folder, featureSetName(keyOf(variant))), second, second);
  }

  async function remaining(): Promise<readonly string[]> {
    const names = (await listFeatureSets(folder)).map(({ name }) => name);
    return ['old', 'older', 'new'].filter((variant) => names.includes(featureSetName(keyOf(variant))));
  }

  beforeEach(async () => {
    for (const variant of ['old', 'older', 'new']) await fill(keyOf(variant));
    await usedAt('older', 100);
    await usedAt('old', 200);
    await usedAt('new', 300);
  });

  it('lets the least recently used sets go, and no more than it must', async () => {
    const store = new FeatureStore(folder, 3 * bytesOfSet);
    await store.makeRoom(records.length, rowLength);
    await store.close();
    expect(await remaining()).toEqual(['old', 'new']);
  });

  it('keeps what the training itself uses, and counts that as used now', async () => {
    const store = new FeatureStore(folder, bytesOfSet);
    await store.open(keyOf('older'), rowLength);
    await store.makeRoom(records.length, rowLength);
    await store.close();
    expect(await remaining()).toEqual(['older']);
    const { mtimeMs } = await stat(path.join(folder, featureSetName(keyOf('older'))));
    expect(Date.now() - mtimeMs).toBeLessThan(60_000);
  });

  it('lets sets go for small pictures only as they are written, and never what this training uses', async () => {
    const store = new FeatureStore(folder, 4 * bytesOfSet);
    store.willUse([keyOf('older')]);
    const set = await store.openPixels(resizeAndMore);
    expect(await remaining()).toEqual(['old', 'older', 'new']);
    for (const [picture, left] of [
      ['a', ['old', 'older', 'new']],
      ['b', ['older', 'new']],
    ] as const) {
      await writeFile(path.join(set?.keep.folder ?? '', picture), Buffer.alloc(bytesOfSet));
      await set?.grew(bytesOfSet);
      expect(await remaining()).toEqual(left);
    }
  });

  it('leaves small pictures half of it', async () => {
    const store = new FeatureStore(folder, 2 * bytesOfSet);
    const set = await store.openPixels(resizeAndMore);
    expect(set?.keep.mayWrite).toBe(true);
    await set?.grew(bytesOfSet);
    expect(set?.keep.mayWrite).toBe(false);
    // The same steps at the beginning make the same pictures, and a training's own stay.
    expect(await store.openPixels(resizeAndMore.slice(0, 1))).toBe(set);
    await store.makeRoom(1000, rowLength);
    expect(await listFeatureSets(folder)).toMatchObject([{ name: path.basename(set?.keep.folder ?? ''), bytes: 0 }]);
  });

  it('writes no more small pictures when one could not be written', async () => {
    const set = await new FeatureStore(folder, 1e6).openPixels(resizeAndMore);
    await set?.grew(0);
    expect(set?.keep.mayWrite).toBe(true);
    await set?.grew(null);
    expect(set?.keep.mayWrite).toBe(false);
  });

  it('counts the small pictures that are there already', async () => {
    const before = await new FeatureStore(folder, 2 * bytesOfSet).openPixels(resizeAndMore);
    await writeFile(path.join(before?.keep.folder ?? '', 'a'), Buffer.alloc(bytesOfSet));
    const after = await new FeatureStore(folder, 2 * bytesOfSet).openPixels(resizeAndMore);
    expect(after?.keep).toEqual({ folder: before?.keep.folder, mayWrite: false });
  });

  it('goes without small pictures where there is no place for them', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    expect(await new FeatureStore(file, 1e6).openPixels(resizeAndMore)).toBeNull();
  });

  it('keeps the decoded pictures where the first steps make none smaller', async () => {
    const set = await new FeatureStore(folder, 1e6).openPixels(resizeAndMore.slice(1));
    expect(set?.keep.mayWrite).toBe(true);
    expect(set?.keep.folder).not.toBe((await new FeatureStore(folder, 1e6).openPixels(resizeAndMore))?.keep.folder);
  });

  it('says what there is, until it is cleared', async () => {
    const sizes = (await listFeatureSets(folder)).map(({ bytes, usedAtMs }) => [bytes, usedAtMs]);
    expect(sizes).toEqual([100_000, 200_000, 300_000].map((usedAtMs) => [bytesOfSet, usedAtMs]));
    await clearFeatures(folder);
    expect(await listFeatureSets(folder)).toEqual([]);
  });
});
