import { statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { stepKinds } from '../../../src-shared/domain/pipeline/steps.ts';
import { spriteColumns, spritePlace, spriteRows } from '../../../src-shared/domain/pipeline/step-sprite.ts';
import { repositoryRoot } from '../../../tools/lib/repository.ts';
import { makeSprite } from '../../../tools/lib/step-sprite.ts';

const file = path.join(repositoryRoot, 'src-renderer/features/pipeline/step-pictures.webp');

it('is what the steps make today, and small', async () => {
  const made = await makeSprite();
  const kept = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([kept.info.width, kept.info.height]).toEqual([made.width, made.height]);
  let sum = 0;
  for (let at = 0; at < made.data.length; at += 4) {
    const isShown = made.data[at + 3] === 255;
    expect(kept.data[at + 3] === 255).toBe(isShown);
    if (isShown) for (const channel of [0, 1, 2]) sum += Math.abs(made.data[at + channel]! - kept.data[at + channel]!);
  }
  // What the compression takes away.
  expect(sum / (made.data.length * 0.75)).toBeLessThan(4);
  expect(statSync(file).size).toBeLessThan(150_000);
});

it('has a place of its own for the picture before and for each kind, within its rows', () => {
  const places = [null, ...stepKinds].map(spritePlace);
  expect(new Set(places.map(({ column, row }) => `${column} ${row}`)).size).toBe(stepKinds.length + 1);
  expect(Math.max(...places.map(({ column }) => column))).toBe(spriteColumns - 1);
  expect(Math.max(...places.map(({ row }) => row))).toBe(spriteRows - 1);
});
