import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UndoStack } from '../../../src-renderer/state/undo-stack.svelte.ts';

let stack: UndoStack<number>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  stack = new UndoStack(0);
});
afterEach(() => vi.useRealTimers());

/** Every value from here back to the first. */
function backwards(): readonly number[] {
  const values = [stack.current];
  while (stack.undo()) values.push(stack.current);
  return values;
}

describe('one step of undo', () => {
  it('is a whole gesture, also when the hand rests in the middle of it', () => {
    stack.hold();
    stack.push(1, 'slider');
    vi.advanceTimersByTime(5000);
    stack.push(2, 'slider');
    stack.release();
    expect(backwards()).toEqual([2, 0]);
  });

  it('is one gesture and not two, however quickly they follow', () => {
    for (const value of [1, 2]) {
      stack.hold();
      stack.push(value, 'slider');
      stack.release();
    }
    expect(backwards()).toEqual([2, 1, 0]);
  });

  it('is a number that is typed in one go, and another one after a pause', () => {
    for (const value of [2, 22, 224]) stack.push(value, 'size');
    vi.advanceTimersByTime(1500);
    stack.push(2249, 'size');
    expect(backwards()).toEqual([2249, 224, 0]);
  });

  it('never joins changes of two things', () => {
    stack.push(1, 'hue');
    stack.push(2, 'contrast');
    expect(backwards()).toEqual([2, 1, 0]);
  });
});

describe('redo', () => {
  it('goes forward again until something else is done', () => {
    stack.push(1);
    stack.push(2);
    stack.undo();
    stack.undo();
    expect([stack.redo(), stack.current, stack.canRedo]).toEqual([true, 1, true]);
    stack.push(9);
    expect([stack.canRedo, stack.redo(), stack.current]).toEqual([false, false, 9]);
  });
});
