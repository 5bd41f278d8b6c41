import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import {
  decodeForSteps,
  mayShrinkOnLoad,
  planDecoding,
  reuseForSteps,
} from '../../../src-main/imaging/shrink-on-load.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { StepKind } from '../../../src-shared/domain/pipeline/steps.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-shrink-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  [['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor'], true],
  [['Resize', 'RandomCrop', 'ToTensor'], true],
  [['Grayscale', 'Resize', 'RandomRotation', 'ToTensor'], true],
  [['Resize', 'CenterCrop', 'ToTensor'], false],
  [['RandomRotation', 'Resize', 'ToTensor'], false],
  [['CenterCrop', 'Resize', 'RandomCrop', 'ToTensor'], false],
  [['RandomResizedCrop', 'ToTensor'], false],
] as const)('%s may be decoded smaller: %s', (kinds, expected) => {
  expect(mayShrinkOnLoad(stepsOf(kinds))).toBe(expected);
});

test('not where pixels are picked, nor where a picture is kept before coins that are too many', () => {
  const [resize, ...rest] = stepsOf(['Resize', 'RandomCrop']);
  const nearest = { ...resize, parameters: { ...resize?.parameters, interpolation: 'nearest' } } as ResolvedStep;
  expect(mayShrinkOnLoad([nearest, ...rest])).toBe(false);
  const coins = ['RandomHorizontalFlip', 'RandomVerticalFlip', 'RandomHorizontalFlip'] as const;
  expect(mayShrinkOnLoad(stepsOf([...coins, 'Resize']))).toBe(false);
});

test.each([
  [94, 94, 0],
  [96, 100, 1],
  [184, 400, 1],
  [192, 400, 2],
  [4000, 3000, 3],
  [4004, 3002, 1],
  [4003, 3000, 0],
] as const)('of %i × %i pixels, for 16, the sides are halved %i times', (width, height, halvings) => {
  const steps = stepsOf(['Resize', 'RandomCrop']);
  const plan = planDecoding(steps, { width, height });
  expect(plan.halvings).toBe(halvings);
  if (halvings === 0) expect(plan.steps).toBe(steps);
});

test('the picture after Resize has the size that it would have, and nearly its pixels', async () => {
  const file = path.join(folder, 'photo.jpg');
  const [width, height] = [336, 256];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 127 + 60 * Math.sin(x / 9 + (at % 3)) + 60 * Math.cos(y / 7);
  });
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(file);
  const steps = stepsOf(['Resize', 'RandomCrop']);
  const decoded = await decodeForSteps(file, steps);
  expect(decoded).toMatchObject({ image: { width: 84, height: 64 }, fullSize: { width, height }, isShrunk: true });
  const small = pictureOf(applyPipeline(decoded.image, decoded.steps.slice(0, 1), 0));
  const exact = pictureOf(applyPipeline(await decodeImage(file), steps.slice(0, 1), 0));
  expect([small.width, small.height]).toEqual([exact.width, exact.height]);
  const differences = small.data.map((value, at) => Math.abs(value - (exact.data[at] ?? 0)));
  expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).toBeLessThan(1);
});

test('a JPEG of another kind is decoded in full, and its steps stay', async () => {
  const file = path.join(folder, 'progressive.jpg');
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#8a2' } })
    .jpeg({ progressive: true })
    .toFile(file);
  const steps = stepsOf(['Resize', 'RandomCrop']);
  const decoded = await decodeForSteps(file, steps);
  expect(decoded).toMatchObject({ image: { width: 300, height: 200 }, steps, isShrunk: false });
});

test('a decoded picture serves other steps that would be given the same one', async () => {
  const bytes = await sharp({ create: { width: 512, height: 512, channels: 3, background: '#8a2' } })
    .jpeg()
    .toBuffer();
  const decoded = await decodeForSteps(bytes, stepsOf(['Resize', 'RandomCrop']));
  const grey = stepsOf(['Resize', 'RandomGrayscale']);
  expect(reuseForSteps(decoded, grey)).toMatchObject({
    image: decoded.image,
    steps: [{ parameters: { size: [16, 16] } }, {}],
  });
  expect(reuseForSteps(decoded, stepsOf(['Resize', 'CenterCrop']))).toBeNull();
  const png = await sharp(bytes).png().toBuffer();
  const whole = await decodeForSteps(png, grey);
  expect(reuseForSteps(whole, grey)).toEqual(whole);
});

function stepsOf(kinds: readonly StepKind[]): readonly ResolvedStep[] {
  const backbone = { inputSize: 16, mean: [0.5, 0.4, 0.3], std: [0.25, 0.2, 0.3] } as const;
  return resolveSteps(
    kinds.map((kind, index) => createStep(kind, `step-${String(index)}`)),
    backbone,
  );
}

function pictureOf(value: ReturnType<typeof applyPipeline>) {
  if (value.type !== 'picture') throw new Error('Expected a picture');
  return value.image;
}
