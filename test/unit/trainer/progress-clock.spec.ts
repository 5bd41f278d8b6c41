import { expect, it } from 'vitest';
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

it('tells what was waited of the time in which images went through, phase by phase', () => {
  const { clock, pass } = makeClock();
  clock.enter('features');
  expect(clock.waitingShare()).toBeNull();
  pass(3);
  clock.waited(1000);
  clock.advance(4, 4);
  pass(1);
  clock.advance(4, 4);
  expect(clock.progress(1).waitingShare).toBe(0.25);
  // Judging between two steps is no training, waiting before the first step of a phase is.
  clock.enter('head');
  pass(9);
  clock.waited(8000);
  clock.advance(0, 0);
  pass(2);
  clock.waited(500);
  clock.advance(1, 4);
  expect(clock.waitingShare()).toBe(0.25);
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
