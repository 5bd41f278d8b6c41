import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followStream } from '../../../src-renderer/client/apply-events.ts';

interface Step {
  readonly seq: number;
  readonly value: string;
}

let frames: (() => void)[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function nextFrame(): void {
  const waiting = frames;
  frames = [];
  for (const frame of waiting) frame();
}

function follow() {
  const shown: string[] = [];
  let push: (step: Step) => void = () => undefined;
  let answer: (seq: number) => void = () => undefined;
  const stream = followStream<{ seq: number }, Step>({
    listen: (listener) => {
      push = listener;
      return () => shown.push('stopped');
    },
    load: () =>
      new Promise((resolve) => {
        answer = (seq) => resolve({ seq });
      }),
    start: ({ seq }) => shown.push(`snapshot ${String(seq)}`),
    apply: (steps) => shown.push(steps.map(({ value }) => value).join('+')),
    fail: (error) => shown.push(String(error)),
  });
  return {
    stream,
    shown,
    push: (seq: number) => push({ seq, value: String(seq) }),
    answer: async (seq: number) => {
      answer(seq);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

test('misses nothing that comes while the snapshot is under way, and repeats nothing that is in it', async () => {
  const { shown, push, answer } = follow();
  push(3);
  push(4);
  push(5);
  await answer(4);
  expect(shown).toEqual(['snapshot 4', '5']);
});

test('applies what comes between two frames together', async () => {
  const { shown, push, answer } = follow();
  await answer(0);
  push(1);
  push(2);
  expect(shown).toEqual(['snapshot 0']);
  nextFrame();
  push(3);
  nextFrame();
  expect(shown).toEqual(['snapshot 0', '1+2', '3']);
});

test('starts from a new snapshot after a reload, and stops when it is closed', async () => {
  const { stream, shown, push, answer } = follow();
  await answer(0);
  stream.reload();
  push(8);
  await answer(9);
  push(10);
  nextFrame();
  stream.close();
  expect(shown).toEqual(['snapshot 0', 'snapshot 9', '10', 'stopped']);
});
