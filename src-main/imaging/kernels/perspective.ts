import { pickers } from './affine.ts';
import { createFilledImage } from './rgb-image.ts';
import type { Color, Interpolation, RgbImage } from './rgb-image.ts';

/** Corners as (x, y): upper left, upper right, lower right, lower left. */
export type Corners = readonly [Point, Point, Point, Point];
type Point = readonly [number, number];

/** Where the corners are, where they go, and how to draw what lies between. */
export interface Perspective {
  readonly startPoints: Corners;
  readonly endPoints: Corners;
  readonly interpolation: Interpolation;
  readonly fill: Color;
}

/** torchvision's `perspective` on a PIL picture: x' = (ax + by + c) / (gx + hy + 1), y' = (dx + ey + f) / (gx + hy + 1). */
export function drawPerspective(
  image: RgbImage,
  { startPoints, endPoints, interpolation, fill }: Perspective,
): RgbImage {
  const [a, b, c, d, e, f, g, h] = coefficients(startPoints, endPoints);
  const output = createFilledImage(image.width, image.height, fill);
  const pick = pickers[interpolation];
  let target = 0;
  for (let row = 0; row < output.height; row += 1) {
    for (let column = 0; column < output.width; column += 1) {
      const [x, y] = [column + 0.5, row + 0.5];
      const depth = g * x + h * y + 1;
      pick(image, (a * x + b * y + c) / depth, (d * x + e * y + f) / depth, output.data, target);
      target += 3;
    }
  }
  return output;
}

/** True when no three of the corners lie on one line, so that a plane has one picture between them. */
export function spansPlane(corners: Corners): boolean {
  return corners.every(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % 4]!;
    const [lastX, lastY] = corners[(index + 2) % 4]!;
    return (nextX - x) * (lastY - y) !== (nextY - y) * (lastX - x);
  });
}

type Coefficients = readonly [number, number, number, number, number, number, number, number];

/** From output to input, in single precision as torchvision's `_get_perspective_coeffs`. Throws a RangeError where three corners are on a line. */
function coefficients(startPoints: Corners, endPoints: Corners): Coefficients {
  const rows = endPoints.flatMap(([x, y], index) => {
    const [startX, startY] = startPoints[index]!;
    return [
      [x, y, 1, 0, 0, 0, -startX * x, -startX * y, startX],
      [0, 0, 0, x, y, 1, -startY * x, -startY * y, startY],
    ];
  });
  return solve(rows).map(Math.fround) as unknown as Coefficients;
}

/** Gaussian elimination with the greatest pivot of each column; the last value of a row is its right side. */
function solve(rows: readonly (readonly number[])[]): readonly number[] {
  const matrix = rows.map((row) => [...row]);
  const size = matrix.length;
  for (let column = 0; column < size; column += 1) {
    const below = matrix.slice(column).map((row) => Math.abs(row[column]!));
    const pivotAt = column + below.indexOf(Math.max(...below));
    const pivot = matrix[pivotAt]!;
    if (Math.abs(pivot[column]!) < 1e-12)
      throw new RangeError('Expected ‹four corners, no three on a line› for ‹endpoints›');
    [matrix[column], matrix[pivotAt]] = [pivot, matrix[column]!];
    for (const [at, row] of matrix.entries()) {
      if (at === column) continue;
      const factor = row[column]! / pivot[column]!;
      for (let index = column; index <= size; index += 1) row[index]! -= factor * pivot[index]!;
    }
  }
  return matrix.map((row, index) => row[size]! / row[index]!);
}
