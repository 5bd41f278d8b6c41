import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import { encodePng } from '../../../src-main/imaging/decode.ts';
import { makePixels } from '../../../src-main/imaging/make-pixels.ts';
import type { KeptFolder } from '../../../src-main/imaging/pipeline-messages.ts';
import { decodeForSteps } from '../../../src-main/imaging/shrink-on-load.ts';
import { tensorsOf } from '../../../src-main/imaging/step.ts';
import { imageIdSchema } from '../../../src-shared/domain/ids.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { StepKind } from '../../../src-shared/domain/pipeline/steps.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const imageId = v.parse(imageIdSchema, 'ab'.repeat(32));
const coins = ['RandomHorizontalFlip', 'RandomVerticalFlip'] as const;
const seeds = ['a', 'b', 'c', 'd', 'e', 'f'];
const classic = stepsOf(['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor', 'Normalize']);
let folder = '';
let source = '';
let keep: KeptFolder;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-kept-'));
  source = path.join(folder, 'picture.png');
  keep = { folder: path.join(folder, 'kept'), mayWrite: true };
  await mkdir(keep.folder);
  await writePicture(90, 71);
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  [['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor', 'Normalize'], 2],
  [['Resize', 'RandomCrop', 'RandomHorizontalFlip', 'ToTensor'], 1],
  [['RandomVerticalFlip', 'RandomGrayscale', 'Resize', 'RandomRotation', 'CenterCrop', 'ToTensor'], 2],
  [['Resize', 'CenterCrop', 'ToTensor', 'Normalize'], 1],
  [['RandomRotation', 'Resize', 'ToTensor'], 1],
  [[...coins, 'RandomHorizontalFlip', 'Resize', 'ToTensor'], 1],
] as const)('gives the same numbers of a kept picture: %s', async (kinds, leastSides) => {
  const steps = stepsOf(kinds);
  const expected = await numbersOf(steps, null);
  const first = await makePixels({ task: { path: source, imageId, seed: 'a' }, steps, keep });
  // Numbers for the crop to 16 × 16 are smaller than the picture that is resized to that shorter side.
  expect(first.keptBytes).toBeGreaterThanOrEqual(12 + 16 * 16 * 3);
  expect(await numbersOf(steps, keep)).toEqual(expected);
  // A side is kept once it was drawn.
  expect((await readdir(keep.folder)).length).toBeGreaterThanOrEqual(leastSides);
  await rm(source);
  expect(await numbersOf(steps, { ...keep, mayWrite: false })).toEqual(expected);
});

it.each([
  ['a picture that grows', classic, 12],
  ['the pixels of a picture that is decoded as fast', stepsOf(['RandomRotation', 'Resize', 'ToTensor']), 40],
  ['the pixels of a picture that would take much of the disk', stepsOf(['RandomRotation', 'Resize', 'ToTensor']), 610],
])('does not keep %s', async (_what, steps, sizePx) => {
  await writePicture(sizePx, sizePx);
  expect(await keptOf(steps)).toEqual({ keptBytes: 0, files: [] });
});

it('keeps nothing beyond its bound, and reads what is there', async () => {
  keep = { ...keep, mayWrite: false };
  expect(await keptOf(classic)).toEqual({ keptBytes: 0, files: [] });
});

it.each([
  ['a byte changed', (bytes: Buffer) => bytes.fill(bytes.readUInt8(40) ^ 1, 40, 41)],
  ['its end lost', (bytes: Buffer) => bytes.subarray(0, -9)],
  [
    'sides exchanged',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(4, 8), bytes.subarray(0, 4), bytes.subarray(8)]),
  ],
  ['nothing in it', () => Buffer.alloc(0)],
])('makes a kept picture anew with %s', async (_what, damage) => {
  const steps = stepsOf(['Resize', 'RandomCrop', 'ToTensor']);
  const expected = await numbersOf(steps, null);
  await keptOf(steps);
  const file = path.join(keep.folder, `${imageId}.0`);
  const sound = await readFile(file);
  await writeFile(file, damage(Buffer.from(sound)));
  expect(await numbersOf(steps, keep)).toEqual(expected);
  expect(await readFile(file)).toEqual(sound);
});

it('trains on where nothing can be written, and says so', async () => {
  await rm(keep.folder, { recursive: true });
  expect((await makePixels({ task: { path: source, imageId, seed: 'a' }, steps: classic, keep })).keptBytes).toBeNull();
  expect(await numbersOf(classic, keep)).toEqual(await numbersOf(classic, null));
});

it.each([
  [['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor', 'Normalize']],
  [['RandomCrop', 'RandomHorizontalFlip', 'RandomRotation', 'ColorJitter', 'RandomGrayscale', 'ToTensor']],
  [['AugMix', 'Resize', 'ColorJitter', 'ToTensor', 'Normalize']],
  [['Resize', 'Grayscale', 'FiveCrop', 'ColorJitter', 'ToTensor', 'Normalize']],
] as const)('gives the numbers of a JPEG whose pixels stay where kernels made them: %s', async (kinds) => {
  const steps = stepsOf(kinds);
  await writePicture(203, 171);
  await writeFile(
    source,
    await sharp(await readFile(source))
      .jpeg()
      .toBuffer(),
  );
  const expected: unknown[] = [];
  for (const seed of seeds) {
    const decoded = await decodeForSteps(source, steps);
    expected.push(tensorsOf(applyPipeline(decoded.image, decoded.steps, seed)).map(({ data }) => data));
  }
  // Both at once: neither finds what the other one makes.
  const made = seeds.map((seed) => makePixels({ task: { path: source, imageId, seed }, steps, keep: null }));
  expect((await Promise.all(made)).map(({ tensors }) => tensors.map(({ data }) => data))).toEqual(expected);
  for (const [index, seed] of [...seeds, ...seeds].entries()) {
    const { tensors } = await makePixels({ task: { path: source, imageId, seed }, steps, keep });
    expect(tensors.map(({ data }) => data)).toEqual(expected[index % seeds.length]);
  }
});

it('names a step by its place in the whole list', async () => {
  const steps = stepsOf(['Resize', 'CenterCrop', 'RandomCrop', 'Normalize']);
  const failure = makePixels({ task: { path: source, imageId, seed: 'a' }, steps, keep });
  await expect(failure).rejects.toMatchObject({ detail: { kind: 'Normalize', position: '4' } });
});

function stepsOf(kinds: readonly StepKind[]): readonly ResolvedStep[] {
  const backbone = { inputSize: 16, mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.3] } as const;
  return resolveSteps(
    kinds.map((kind, index) => createStep(kind, `step-${index}`)),
    backbone,
  );
}

async function numbersOf(steps: readonly ResolvedStep[], kept: KeptFolder | null): Promise<readonly Float32Array[]> {
  const made: Float32Array[] = [];
  for (const seed of seeds) {
    made.push((await makePixels({ task: { path: source, imageId, seed }, steps, keep: kept })).tensors[0]!.data);
  }
  return made;
}

async function keptOf(steps: readonly ResolvedStep[]): Promise<unknown> {
  const { keptBytes } = await makePixels({ task: { path: source, imageId, seed: 'a' }, steps, keep });
  return { keptBytes, files: await readdir(keep.folder) };
}

async function writePicture(width: number, height: number): Promise<void> {
  const random = createRandom('picture');
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  await writeFile(source, await encodePng({ width, height, data }));
}
