import type { Interpolation, RgbImage } from './rgb-image.ts';

/** Maps an output position to an input position: x' = a·x + b·y + c, y' = d·x + e·y + f, in [a, b, c, d, e, f]. */
export type AffineMatrix = readonly [number, number, number, number, number, number];

/**
 * Draws the mapped picture onto `output`, to the bit as Pillow's `Image.transform` with AFFINE.
 *
 * Output pixels whose position lies outside the input keep what they had, so the caller fills `output` first.
 */
export function drawAffine(
  image: RgbImage,
  output: RgbImage,
  matrix: AffineMatrix,
  interpolation: Interpolation,
): RgbImage {
  if (interpolation !== 'nearest') return drawInterpolated(image, output, matrix, interpolation);
  if (matrix[1] === 0 && matrix[3] === 0) return drawNearestScaled(image, output, matrix);
  return fitsFixedPoint(output, matrix)
    ? drawNearestFixed(image, output, matrix)
    : drawNearestScaled(image, output, matrix);
}

/** 16.16 fixed point can hold positions below 32,768 only. */
function fitsFixedPoint(output: RgbImage, [a, b, c, d, e, f]: AffineMatrix): boolean {
  const corners = [
    [0, 0],
    [output.width, output.height],
    [0, output.height],
    [output.width, 0],
  ] as const;
  return corners.every(([x, y]) => Math.abs(x * a + y * b + c) < 32768 && Math.abs(x * d + y * e + f) < 32768);
}

function drawNearestFixed(image: RgbImage, output: RgbImage, [a, b, c, d, e, f]: AffineMatrix): RgbImage {
  const fix = (value: number): number => Math.floor(value * 65536 + 0.5) | 0;
  const [stepX, stepY] = [fix(a), fix(d)];
  let rowX = fix(c + a * 0.5 + b * 0.5);
  let rowY = fix(f + d * 0.5 + e * 0.5);
  let target = 0;
  for (let y = 0; y < output.height; y += 1) {
    let fixedX = rowX;
    let fixedY = rowY;
    for (let x = 0; x < output.width; x += 1) {
      copyIfInside(image, fixedX >> 16, fixedY >> 16, output.data, target);
      fixedX = (fixedX + stepX) | 0;
      fixedY = (fixedY + stepY) | 0;
      target += 3;
    }
    rowX = (rowX + fix(b)) | 0;
    rowY = (rowY + fix(e)) | 0;
  }
  return output;
}

/** Positions in floating point, summed step by step: pure scaling, and pictures too large for fixed point. */
function drawNearestScaled(image: RgbImage, output: RgbImage, [a, b, c, d, e, f]: AffineMatrix): RgbImage {
  let rowX = c + b * 0.5 + a * 0.5;
  let rowY = f + e * 0.5 + d * 0.5;
  let target = 0;
  for (let y = 0; y < output.height; y += 1) {
    let positionX = rowX;
    let positionY = rowY;
    for (let x = 0; x < output.width; x += 1) {
      copyIfInside(image, Math.floor(positionX), Math.floor(positionY), output.data, target);
      positionX += a;
      positionY += d;
      target += 3;
    }
    rowX += b;
    rowY += e;
  }
  return output;
}

function copyIfInside(image: RgbImage, x: number, y: number, target: Uint8Array, offset: number): void {
  if (!isInside(image, x, y)) return;
  const source = (y * image.width + x) * 3;
  target[offset] = image.data[source]!;
  target[offset + 1] = image.data[source + 1]!;
  target[offset + 2] = image.data[source + 2]!;
}

function drawInterpolated(
  image: RgbImage,
  output: RgbImage,
  [a, b, c, d, e, f]: AffineMatrix,
  interpolation: 'bilinear' | 'bicubic',
): RgbImage {
  const pick = pickers[interpolation];
  let target = 0;
  for (let y = 0; y < output.height; y += 1) {
    for (let x = 0; x < output.width; x += 1) {
      const inputX = a * (x + 0.5) + b * (y + 0.5) + c;
      const inputY = d * (x + 0.5) + e * (y + 0.5) + f;
      pick(image, inputX, inputY, output.data, target);
      target += 3;
    }
  }
  return output;
}

/** Writes what the picture has at a position, x and y in pixels from its corner; outside of it nothing is written. */
type Picker = (image: RgbImage, x: number, y: number, target: Uint8Array, offset: number) => void;

/** How a value between pixels is found, by interpolation. */
export const pickers: Readonly<Record<Interpolation, Picker>> = {
  nearest: (image, x, y, target, offset) => copyIfInside(image, Math.floor(x), Math.floor(y), target, offset),
  bilinear: (image, x, y, target, offset) => {
    if (isInside(image, x, y)) mixBilinear(image, x - 0.5, y - 0.5, target, offset);
  },
  bicubic: (image, x, y, target, offset) => {
    if (isInside(image, x, y)) mixBicubic(image, x - 0.5, y - 0.5, target, offset);
  },
};

function isInside({ width, height }: RgbImage, x: number, y: number): boolean {
  return x >= 0 && x < width && y >= 0 && y < height;
}

/** Writes the pixel between the four around (x, y); the fraction is cut off, not rounded, as in Pillow. */
function mixBilinear(image: RgbImage, x: number, y: number, target: Uint8Array, offset: number): void {
  const { width, height, data } = image;
  const floorX = Math.floor(x);
  const floorY = Math.floor(y);
  const fractionX = x - floorX;
  const fractionY = y - floorY;
  const left = floorX < 0 ? 0 : floorX;
  const right = floorX + 1 < width ? floorX + 1 : width - 1;
  const upper = (floorY < 0 ? 0 : floorY) * width;
  const lower = (floorY + 1 < height ? floorY + 1 : height - 1) * width;
  for (let channel = 0; channel < 3; channel += 1) {
    const upperLeft = data[(upper + left) * 3 + channel]!;
    const lowerLeft = data[(lower + left) * 3 + channel]!;
    const upperMix = upperLeft + (data[(upper + right) * 3 + channel]! - upperLeft) * fractionX;
    const lowerMix = lowerLeft + (data[(lower + right) * 3 + channel]! - lowerLeft) * fractionX;
    target[offset + channel] = Math.trunc(upperMix + (lowerMix - upperMix) * fractionY);
  }
}

const columnMixes = new Float64Array(4);

/** Writes the pixel between the sixteen around (x, y) by cubic convolution with a = −1, as Pillow's transform does. */
function mixBicubic(image: RgbImage, x: number, y: number, target: Uint8Array, offset: number): void {
  const { width, height, data } = image;
  const floorX = Math.floor(x);
  const floorY = Math.floor(y);
  const fractionX = x - floorX;
  const column = (step: number): number => Math.min(width - 1, Math.max(0, floorX - 1 + step)) * 3;
  const [c0, c1, c2, c3] = [column(0), column(1), column(2), column(3)];
  for (let channel = 0; channel < 3; channel += 1) {
    for (let step = 0; step < 4; step += 1) {
      const row = Math.min(height - 1, Math.max(0, floorY - 1 + step)) * width * 3 + channel;
      columnMixes[step] = cubic(data[row + c0]!, data[row + c1]!, data[row + c2]!, data[row + c3]!, fractionX);
    }
    const [m0 = 0, m1 = 0, m2 = 0, m3 = 0] = columnMixes;
    const value = cubic(m0, m1, m2, m3, y - floorY);
    target[offset + channel] = value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
  }
}

function cubic(v1: number, v2: number, v3: number, v4: number, d: number): number {
  const p3 = 2 * (v1 - v2) + v3 - v4;
  const p4 = -v1 + v2 - v3 + v4;
  return v2 + d * (-v1 + v3 + d * (p3 + d * p4));
}
