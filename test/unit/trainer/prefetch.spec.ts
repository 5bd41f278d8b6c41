import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { batchesAhead, prefetch, timeWaits } from '../../../src-main/trainer/prefetch.ts';

it('makes no more ahead than it may, and rejects when the failed one is due', async () => {
  const started: number[] = [];
  const made = prefetch([1, 2, 3, 4, 5], 2, async (item) => {
    started.push(item);
    if (item === 3) throw new Error('three');
    return item * 10;
  });
  expect((await made.next()).value).toBe(10);
  expect(started).toEqual([1, 2, 3]);
  expect((await made.next()).value).toBe(20);
  await expect(made.next()).rejects.toThrow('three');
});

it('makes as many batches ahead as a bound of bytes allows, and never fewer than two', () => {
  const pictureBytes = 224 * 224 * 3 * 4;
  expect([1, 8, 32, 128, 512].map((count) => batchesAhead(count * pictureBytes))).toEqual([8, 8, 6, 2, 2]);
});

it('tells how long the taker waited, not how long it was busy', async () => {
  async function* source(): AsyncGenerator<string> {
    yield 'at hand';
    await sleep(80);
    yield 'late';
  }
  const waits: number[] = [];
  for await (const item of timeWaits(source(), (milliseconds) => waits.push(milliseconds))) {
    if (item === 'at hand') await sleep(80);
  }
  expect(waits.map((milliseconds) => milliseconds > 60)).toEqual([false, true]);
});

it('ends its source when the taker stops early', async () => {
  let hasEnded = false;
  async function* source(): AsyncGenerator<number> {
    try {
      yield 1;
      yield 2;
    } finally {
      hasEnded = true;
    }
  }
  const timed = timeWaits(source(), () => undefined);
  await timed.next();
  await timed.return();
  expect(hasEnded).toBe(true);
});
