import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { GridWindow } from '../../../src-renderer/ui/grid-window.svelte.ts';

const size = { rowCount: 125_000, columns: 8, rowPx: 126, paddingPx: 12, heightPx: 800 };

/** An element that scrolls as browsers let it. */
class Box {
  readonly window: GridWindow;
  scrollPx = 0;

  constructor(window: GridWindow) {
    this.window = window;
  }

  scrollTo(px: number): void {
    this.scrollPx = Math.max(0, Math.min(Math.round(px), this.window.canvasPx - size.heightPx));
    this.window.scrolled(this.scrollPx);
  }

  /** What the page does after the window moved itself. */
  follow(): void {
    ({ scrollPx: this.scrollPx } = this.window);
    this.window.scrolled(this.scrollPx);
  }

  /** Rows of which something is seen. */
  seen(): readonly number[] {
    const { rows, offsetPx } = this.window;
    const all = Array.from({ length: rows.end - rows.first }, (_, line) => rows.first + line);
    return all.filter((row) => {
      const top = offsetPx + (row - rows.first) * size.rowPx - this.scrollPx;
      return top < size.heightPx && top + size.rowPx > 0;
    });
  }
}

function open(rowCount = size.rowCount): Box {
  const box = new Box(new GridWindow());
  box.window.resize({ ...size, rowCount });
  box.follow();
  return box;
}

describe('the window of a grid', () => {
  test('fills what is seen, and the page holds at most 200 cells', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400_000 }),
        fc.array(fc.integer({ min: -9000, max: 9000 })),
        (rowCount, moves) => {
          const box = open(rowCount);
          for (const move of moves) {
            const [before] = box.seen();
            box.scrollTo(box.scrollPx + move);
            const { rows } = box.window;
            expect((rows.end - rows.first) * size.columns).toBeLessThanOrEqual(200);
            const needed = Math.min(rowCount, Math.floor(size.heightPx / size.rowPx));
            expect(box.seen().length).toBeGreaterThanOrEqual(needed);
            if (Math.abs(move) < size.rowPx)
              expect(Math.abs((box.seen()[0] ?? 0) - (before ?? 0))).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  test('reaches the last of a million images, by the bar, by a key and step by step', () => {
    const box = open(250_000);
    expect(box.window.canvasPx).toBe(8_000_000);
    box.scrollTo(Infinity);
    expect(box.seen().at(-1)).toBe(249_999);
    box.window.reveal(0);
    box.follow();
    expect(box.seen()[0]).toBe(0);
    box.window.reveal(249_999);
    box.follow();
    expect(box.seen().at(-1)).toBe(249_999);
    box.window.reveal(249_000);
    box.follow();
    for (let step = 0; step < 3000; step += 1) {
      box.scrollTo(box.scrollPx + 120);
      if (step % 50 !== 0) continue;
      box.window.settle();
      box.follow();
    }
    expect(box.seen().at(-1)).toBe(249_999);
  });

  test('moves by as much as was scrolled where the bar stands for more, and settles without moving', () => {
    const box = open(250_000);
    box.window.reveal(100_000);
    box.follow();
    const [first] = box.seen();
    box.scrollTo(box.scrollPx + 10 * size.rowPx);
    expect(box.seen()[0]).toBe((first ?? 0) + 10);
    const seen = box.seen();
    box.window.settle();
    box.follow();
    expect(box.seen()).toEqual(seen);
  });

  test('rushes while it jumps and rests soon after', () => {
    vi.useFakeTimers();
    const box = open();
    box.scrollTo(300);
    expect(box.window.isRushing).toBe(false);
    box.scrollTo(2_000_000);
    expect(box.window.isRushing).toBe(true);
    vi.advanceTimersByTime(100);
    expect(box.window.isRushing).toBe(false);
    box.window.close();
    vi.useRealTimers();
  });
});
