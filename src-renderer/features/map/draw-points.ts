import type { MapPoints, MapView } from './map-view.ts';

/** Red, green, blue, 0 … 255. */
export type Colour = readonly [number, number, number];

/** How points look. */
export interface PointLook {
  /** By point: what it belongs to. */
  readonly groups: Uint16Array;
  /** By group; null for one that is not shown. */
  readonly colours: readonly (Colour | null)[];
  readonly isSelected: (row: number) => boolean;
  readonly hasSelection: boolean;
  /** Of the ring around selected points. */
  readonly ring: Colour;
  readonly radiusPx: number;
}

/** A canvas's bytes, RGBA row by row. */
interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const fullAlpha = 0.85;
/** Of points that are not selected while others are. */
const faintAlpha = 0.22;
const ringPx = 1.5;

/**
 * Draws points as discs into pixels, over what is there; selected ones last, with a ring. Plain arithmetic on bytes, without an object a
 * point: a hundred thousand take some ten milliseconds on any machine, with or without a graphics card.
 */
export function drawPoints(
  pixels: Pixels,
  { x, y, rows }: MapPoints,
  { view, look }: { readonly view: MapView; readonly look: PointLook },
): void {
  const disc = new Brush(pixels, look.radiusPx);
  const ring = new Brush(pixels, look.radiusPx + ringPx);
  const last: number[] = [];
  const [middleX, middleY] = [pixels.width / 2 - view.x * view.scale, pixels.height / 2 - view.y * view.scale];
  const alpha = look.hasSelection ? faintAlpha : fullAlpha;
  for (let point = 0; point < x.length; point += 1) {
    const colour = look.colours[look.groups[point] ?? 0];
    if (!colour) continue;
    if (look.hasSelection && look.isSelected(rows[point] ?? 0)) {
      last.push(point);
      continue;
    }
    disc.dip(colour, alpha);
    disc.dab(Math.round((x[point] ?? 0) * view.scale + middleX), Math.round((y[point] ?? 0) * view.scale + middleY));
  }
  for (const point of last) {
    const [left, top] = [(x[point] ?? 0) * view.scale + middleX, (y[point] ?? 0) * view.scale + middleY].map(
      Math.round,
    );
    ring.dip(look.ring, 1);
    ring.dab(left ?? 0, top ?? 0);
    disc.dip(look.colours[look.groups[point] ?? 0] ?? look.ring, 1);
    disc.dab(left ?? 0, top ?? 0);
  }
}

/** A disc that leaves its colour on pixels, less at its edge. */
class Brush {
  readonly #pixels: Pixels;
  readonly #reach: number;
  /** How much of each pixel of the square around the disc belongs to it, 0 … 1. */
  readonly #shares: Float32Array;
  #red = 0;
  #green = 0;
  #blue = 0;
  #alpha = 0;

  constructor(pixels: Pixels, radiusPx: number) {
    this.#pixels = pixels;
    this.#reach = Math.ceil(radiusPx);
    const side = 2 * this.#reach + 1;
    this.#shares = Float32Array.from({ length: side * side }, (_, at) => {
      const [column, line] = [(at % side) - this.#reach, Math.floor(at / side) - this.#reach];
      return Math.min(1, Math.max(0, radiusPx + 0.5 - Math.hypot(column, line)));
    });
  }

  /** What the next dabs leave. */
  dip([red, green, blue]: Colour, alpha: number): void {
    this.#red = red;
    this.#green = green;
    this.#blue = blue;
    this.#alpha = alpha;
  }

  dab(x: number, y: number): void {
    const { data, width, height } = this.#pixels;
    const reach = this.#reach;
    if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) return;
    const shares = this.#shares;
    const side = 2 * reach + 1;
    for (let line = Math.max(0, reach - y); line < Math.min(side, height + reach - y); line += 1) {
      for (let column = Math.max(0, reach - x); column < Math.min(side, width + reach - x); column += 1) {
        const over = this.#alpha * (shares[line * side + column] ?? 0);
        if (over === 0) continue;
        const at = 4 * ((y + line - reach) * width + x + column - reach);
        const under = ((data[at + 3] ?? 0) / 255) * (1 - over);
        const whole = over + under;
        data[at] = (this.#red * over + (data[at] ?? 0) * under) / whole;
        data[at + 1] = (this.#green * over + (data[at + 1] ?? 0) * under) / whole;
        data[at + 2] = (this.#blue * over + (data[at + 2] ?? 0) * under) / whole;
        data[at + 3] = 255 * whole;
      }
    }
  }
}
