import type { MapPoints, Point } from './map-view.ts';

/** Points a cell, about: few enough to look at all, many enough that cells are few. */
const perCell = 8;

/** Finds the points near a place without looking at all of them: a grid of cells with the points in each. */
export class PointGrid {
  readonly #points: MapPoints;
  readonly #left: number;
  readonly #top: number;
  readonly #cell: number;
  readonly #columns: number;
  readonly #lines: number;
  /** Points by cell; cell c has those from `#starts[c]` to `#starts[c + 1]`. */
  readonly #order: Uint32Array;
  readonly #starts: Uint32Array;

  constructor(points: MapPoints) {
    const { x, y } = points;
    this.#points = points;
    const spanOf = (values: Float32Array): readonly [number, number] =>
      values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const, [
        Infinity,
        -Infinity,
      ] as readonly [number, number]);
    const [[left, right], [top, bottom]] = [spanOf(x), spanOf(y)];
    [this.#left, this.#top] = [left, top];
    const side = Math.max(1, Math.ceil(Math.sqrt(x.length / perCell)));
    this.#cell = Math.max(1e-9, right - left, bottom - top) / side;
    this.#columns = Math.floor((right - left) / this.#cell) + 1 || 1;
    this.#lines = Math.floor((bottom - top) / this.#cell) + 1 || 1;
    const cells = Uint32Array.from(x, (value, point) => this.#cellAt(value, y[point] ?? 0));
    this.#starts = new Uint32Array(this.#columns * this.#lines + 1);
    for (const cell of cells) this.#starts[cell + 1] = (this.#starts[cell + 1] ?? 0) + 1;
    for (let cell = 1; cell < this.#starts.length; cell += 1)
      this.#starts[cell] = (this.#starts[cell] ?? 0) + (this.#starts[cell - 1] ?? 0);
    const next = this.#starts.slice();
    this.#order = new Uint32Array(x.length);
    cells.forEach((cell, point) => {
      const place = next[cell] ?? 0;
      this.#order[place] = point;
      next[cell] = place + 1;
    });
  }

  /** The points at most `reach` away from a place. */
  *within(at: Point, reach: number): Generator<{ readonly point: number; readonly distance: number }> {
    const { x, y } = this.#points;
    const column = (value: number): number => Math.floor((value - this.#left) / this.#cell);
    const line = (value: number): number => Math.floor((value - this.#top) / this.#cell);
    for (let row = Math.max(0, line(at.y - reach)); row <= Math.min(this.#lines - 1, line(at.y + reach)); row += 1) {
      const last = Math.min(this.#columns - 1, column(at.x + reach));
      for (let cell = Math.max(0, column(at.x - reach)); cell <= last; cell += 1) {
        const index = row * this.#columns + cell;
        for (const point of this.#order.subarray(this.#starts[index], this.#starts[index + 1])) {
          const distance = Math.hypot((x[point] ?? 0) - at.x, (y[point] ?? 0) - at.y);
          if (distance <= reach) yield { point, distance };
        }
      }
    }
  }

  /** The nearest point at most `reach` away that is shown; −1 when there is none. */
  nearest(at: Point, reach: number, isShown: (point: number) => boolean): number {
    let [best, least] = [-1, Infinity];
    for (const { point, distance } of this.within(at, reach)) {
      if (distance < least && isShown(point)) [best, least] = [point, distance];
    }
    return best;
  }

  #cellAt(x: number, y: number): number {
    return Math.floor((y - this.#top) / this.#cell) * this.#columns + Math.floor((x - this.#left) / this.#cell);
  }
}
