/** Which part of a map is seen: the place in the middle, and how many pixels one of its units is. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A place on the map or on the screen. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points of a map: where each is, and the row of its image. */
export interface MapPoints {
  readonly rows: Uint32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

const marginShare = 0.05;
const mostZoom = 200;

/** All points, with a margin. */
export function fitView({ x, y }: MapPoints, { width, height }: Size): MapView {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let point = 0; point < x.length; point += 1) {
    const [px, py] = [x[point] ?? 0, y[point] ?? 0];
    left = Math.min(left, px);
    right = Math.max(right, px);
    top = Math.min(top, py);
    bottom = Math.max(bottom, py);
  }
  if (x.length === 0) return { x: 0, y: 0, scale: 1 };
  const scale = Math.min(width / Math.max(1e-6, right - left), height / Math.max(1e-6, bottom - top));
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(1e6, scale * (1 - 2 * marginShare)) };
}

export function toScreen(view: MapView, { width, height }: Size, { x, y }: Point): Point {
  return { x: (x - view.x) * view.scale + width / 2, y: (y - view.y) * view.scale + height / 2 };
}

export function toMap(view: MapView, { width, height }: Size, { x, y }: Point): Point {
  return { x: (x - width / 2) / view.scale + view.x, y: (y - height / 2) / view.scale + view.y };
}

/** Moves what is seen by so many pixels. */
export function panBy(view: MapView, { x, y }: Point): MapView {
  return { ...view, x: view.x - x / view.scale, y: view.y - y / view.scale };
}

/** Zooms so that what is under `at` stays there; within limits around the view that shows everything. */
export function zoomBy(
  view: MapView,
  factor: number,
  { at, size, whole }: { at: Point; size: Size; whole: MapView },
): MapView {
  const scale = Math.min(whole.scale * mostZoom, Math.max(whole.scale / 2, view.scale * factor));
  const under = toMap(view, size, at);
  const moved = toMap({ ...view, scale }, size, at);
  return { x: view.x + under.x - moved.x, y: view.y + under.y - moved.y, scale };
}

/** Whether a place lies within a closed line of places (even-odd rule). */
export function isInside(line: readonly Point[], { x, y }: Point): boolean {
  let isIn = false;
  for (let index = 0, before = line.length - 1; index < line.length; before = index, index += 1) {
    const [a, b] = [line[index], line[before]];
    if (!a || !b || a.y > y === b.y > y) continue;
    if (x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) isIn = !isIn;
  }
  return isIn;
}
