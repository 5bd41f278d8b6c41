import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { expect, it, onTestFinished } from 'vitest';
import { imageIdSchema, type ImageId } from '../../../src-shared/domain/ids.ts';
import { FeatureReader } from '../../../src-main/storage/feature-reader.ts';
import { encodeRecord } from '../../../src-main/storage/feature-record.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const rowLength = 3;
const idOf = (digit: string): ImageId => v.parse(imageIdSchema, digit.repeat(64));
const record = (digit: string, ...values: number[]): Uint8Array => encodeRecord(idOf(digit), Float32Array.from(values));

function openSet(): { readonly folder: string; readonly reader: FeatureReader } {
  const folder = path.join(temporaryFolder(), 'set');
  mkdirSync(folder);
  const reader = new FeatureReader(folder, rowLength);
  onTestFinished(() => reader.close());
  return { folder, reader };
}

it('reads rows in the order asked for and leaves out images without features', async () => {
  const { folder, reader } = openSet();
  writeFileSync(path.join(folder, '0'), Buffer.concat([record('a', 1, 2, 3), record('b', 4, 5, 6)]));
  writeFileSync(path.join(folder, '1'), record('c', 7, 8, 9));
  await reader.refresh();
  expect(await reader.read([idOf('c'), idOf('d'), idOf('a')])).toEqual({
    imageIds: [idOf('c'), idOf('a')],
    rowLength,
    values: Float32Array.of(7, 8, 9, 1, 2, 3),
  });
});

it('takes in what was appended meanwhile, also when it first saw half a record', async () => {
  const { folder, reader } = openSet();
  const shard = path.join(folder, '0');
  const second = record('b', 4, 5, 6);
  writeFileSync(shard, Buffer.concat([record('a', 1, 2, 3), second.subarray(0, 20)]));
  await reader.refresh();
  expect([reader.has(idOf('a')), reader.has(idOf('b'))]).toEqual([true, false]);
  appendFileSync(shard, second.subarray(20));
  await reader.refresh();
  expect((await reader.read([idOf('b')])).values).toEqual(Float32Array.of(4, 5, 6));
});

it('goes through all rows as they lie, past damaged and unfinished records', async () => {
  const { folder, reader } = openSet();
  const damaged = record('b', 4, 5, 6);
  damaged[40] = (damaged[40] ?? 0) ^ 1;
  const rest = record('e', 0, 0, 0).subarray(0, 30);
  writeFileSync(path.join(folder, '0'), Buffer.concat([record('a', 1, 2, 3), damaged, record('c', 7, 8, 9), rest]));
  writeFileSync(path.join(folder, '1'), record('d', 1, 1, 1));
  await reader.refresh();
  const seen: unknown[] = [];
  for await (const block of reader.blocks()) {
    for (const { imageId, row } of block) seen.push([imageId, ...row]);
  }
  expect(seen).toEqual([
    [idOf('a'), 1, 2, 3],
    [idOf('c'), 7, 8, 9],
    [idOf('d'), 1, 1, 1],
  ]);
});

it('passes over a damaged record', async () => {
  const { folder, reader } = openSet();
  const damaged = record('a', 1, 2, 3);
  damaged[40] = (damaged[40] ?? 0) ^ 1;
  writeFileSync(path.join(folder, '0'), Buffer.concat([damaged, record('b', 4, 5, 6)]));
  await reader.refresh();
  expect([reader.has(idOf('a')), reader.has(idOf('b'))]).toEqual([false, true]);
});

it('is empty when the set was removed, and reads the one that came in its place', async () => {
  const { folder, reader } = openSet();
  writeFileSync(path.join(folder, '0'), record('a', 1, 2, 3));
  await reader.refresh();
  rmSync(folder, { recursive: true });
  await reader.refresh();
  expect(reader.count).toBe(0);
  mkdirSync(folder);
  writeFileSync(path.join(folder, '0'), record('a', 3, 2, 1));
  await reader.refresh();
  expect((await reader.read([idOf('a')])).values).toEqual(Float32Array.of(3, 2, 1));
});
