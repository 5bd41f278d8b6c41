import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as v from 'valibot';
import { imageIdSchema } from '../../../../src-shared/domain/ids.ts';
import { fitsNormalize } from '../../../../src-shared/domain/pipeline/hints.ts';
import { createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { presetLists } from '../../../../src-shared/domain/pipeline/presets.ts';
import { measureStatistics } from '../../../../src-main/services/pipeline/pixel-statistics.ts';
import { sizeHints } from '../../../../src-main/services/pipeline/size-hints.ts';
import { backbone } from '../run/run-support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-hints-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { evaluation } = presetLists('classic');
const id = (letter: string) => v.parse(imageIdSchema, letter.repeat(64));

it('says how much of the images a square leaves out, and names those that lose most', () => {
  const images = [
    { id: id('a'), width: 300, height: 300 },
    { id: id('b'), width: 800, height: 200 },
    { id: id('c'), width: 400, height: 300 },
  ];
  const hints = sizeHints(images, evaluation, backbone);
  expect(hints.meanLost).toBeCloseTo((0 + 0.75 + 0.25) / 3, 2);
  expect(hints.mostLost.map(({ imageId, lost }) => [imageId, Number(lost.toFixed(2))])).toEqual([
    [id('b'), 0.75],
    [id('c'), 0.25],
  ]);
  expect(hints.mostLost[0]?.box).toEqual([300, 0, 200, 200]);
  // 200 pixels become 224.
  expect(hints.enlargedCount).toBe(1);
});

it('measures mean and standard deviation over all pixels of all pictures that can be read', async () => {
  const write = (name: string, color: { r: number; g: number; b: number }, width: number): Promise<unknown> =>
    sharp({ create: { width, height: 2, channels: 3, background: color } })
      .png()
      .toFile(path.join(folder, name));
  await write('black.png', { r: 0, g: 51, b: 0 }, 3);
  await write('red.png', { r: 255, g: 51, b: 0 }, 1);
  const names = ['black.png', 'red.png', 'missing.png'].map((name) => path.join(folder, name));
  const statistics = await measureStatistics(names, []);
  expect(statistics?.imageCount).toBe(2);
  [0.25, 0.2, 0].forEach((mean, channel) => expect(statistics?.mean[channel]).toBeCloseTo(mean, 6));
  [Math.sqrt(0.25 - 0.25 ** 2), 0, 0].forEach((std, channel) => expect(statistics?.std[channel]).toBeCloseTo(std, 6));
  expect(await measureStatistics(names.slice(2), [])).toBeNull();
  expect(await measureStatistics(names.slice(0, 1), [createStep('ToTensor', 'tensor')])).toBeNull();
});

it('finds that dark or flat images do not fit what Normalize expects', () => {
  const expected = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
  const measured = (mean: number, std: number) => ({ mean: [mean, mean, mean], std: [std, std, std] }) as const;
  expect(fitsNormalize(measured(0.55, 0.2), expected)).toBe(true);
  expect(fitsNormalize(measured(0.3, 0.2), expected)).toBe(false);
  expect(fitsNormalize(measured(0.5, 0.1), expected)).toBe(false);
});
