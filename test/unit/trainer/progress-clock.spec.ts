import { expect, it } from 'vitest';
import { prefetch } from '../../../src-main/trainer/prefetch.ts';
import { startProgressClock } from '../../../src-main/trainer/train/progress-clock.ts';

function makeClock() {
  let nowMs = 0;
  const clock = startProgressClock(
    {
      phases: [
        { phase: 'features', total: 10, relativeCost: 1 },
        { phase: 'head', total: 20, relativeCost: 0.5 },
      ],
      totalSteps: 20,
      totalEpochs: 2,
    },
    () => nowMs,
  );
  return { clock, pass: (seconds: number) => void (nowMs += seconds * 1000) };
}

it('tells the time left from measured speed and relative cost', () => {
  const { clock, pass } = makeClock();
  clock.enter('features');
  expect(clock.progress(1).secondsLeft).toBeNull();
  pass(2);
  clock.advance(4, 4);
  // Six images at half a second, and twenty steps at half of that.
  expect(clock.progress(1)).toMatchObject({ secondsLeft: 8, value: 0.2, done: 4, total: 10, imagesPerSecond: 2 });
});

it('takes no time for what a cache had, and never moves the bar back', () => {
  const { clock, pass } = makeClock();
  clock.enter('features');
  clock.skip(8);
  pass(1);
  clock.advance(2, 2);
  expect(clock.progress(1).secondsLeft).toBe(5);
  const before = clock.progress(1).value;
  clock.enter('head');
  pass(10);
  clock.advance(1, 4);
  expect(clock.progress(1).secondsLeft).toBe(190);
  expect(clock.progress(1).value).toBe(before);
});

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
