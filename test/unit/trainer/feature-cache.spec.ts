import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { imageIdSchema } from '../../../src-shared/domain/ids.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { openFeatureCache, type FeatureCacheKey } from '../../../src-main/trainer/train/feature-cache.ts';

const key: FeatureCacheKey = {
  engine: 'ONNX Runtime 1 (cpu)',
  backboneSha256: 'b',
  inputSize: 8,
  steps: [],
  variant: null,
};
const idOf = (digit: string) => v.parse(imageIdSchema, digit.repeat(64));
const records = [
  { imageId: idOf('a'), features: Float32Array.of(0.1, -2) },
  { imageId: idOf('b'), features: Float32Array.of(3, 1e-30) },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill(): Promise<string> {
  const cache = await openFeatureCache(folder, key, 2);
  await cache.add(records);
  await cache.close();
  const [name = ''] = await readdir(folder);
  return path.join(folder, name);
}

async function readBack(changed: Partial<FeatureCacheKey> = {}): Promise<ReadonlyMap<string, Float32Array>> {
  const cache = await openFeatureCache(folder, { ...key, ...changed }, 2);
  await cache.close();
  return cache.known;
}

it('gives back the very bits', async () => {
  await fill();
  expect(await readBack()).toEqual(new Map(records.map(({ imageId, features }) => [imageId, features])));
});

it('keeps apart what differs in engine, backbone, size, variant or steps, and ignores what steps are called', async () => {
  const pad = (id: string, fill: number): ResolvedStep => ({
    id,
    kind: 'Pad',
    parameters: { padding: 1, fill, padding_mode: 'constant' },
  });
  const named = await openFeatureCache(folder, { ...key, steps: [pad('one', 0)] }, 2);
  await named.add(records);
  await named.close();
  const counts = [
    { steps: [pad('another', 0)] },
    { steps: [pad('one', 1)] },
    { steps: [pad('one', 0)], variant: '1/variant/0' },
    { steps: [pad('one', 0)], inputSize: 9 },
    { steps: [pad('one', 0)], engine: 'TensorFlow 2 (cpu)' },
    { steps: [pad('one', 0)], backboneSha256: 'c' },
  ].map(async (change) => (await readBack(change)).size);
  expect(await Promise.all(counts)).toEqual([2, 0, 0, 0, 0, 0]);
});

it('drops a torn last record and goes on after the good ones', async () => {
  const file = await fill();
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 3));
  expect([...(await readBack()).keys()]).toEqual([idOf('a')]);
  const cache = await openFeatureCache(folder, key, 2);
  await cache.add(records.slice(1));
  await cache.close();
  expect((await readBack()).size).toBe(2);
});

it('trusts no record whose numbers were changed', async () => {
  const file = await fill();
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  await writeFile(file, bytes);
  expect((await readBack()).size).toBe(0);
});
