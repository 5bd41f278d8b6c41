import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import { createRgbImage, type Color, type RgbImage } from './rgb-image.ts';

/** How far each pixel looks to the right and down for its value, in pixels, row by row. */
export interface Displacement {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fill: Color;
}

/** torchvision's `elastic_transform` on a PIL picture; what comes from outside is `fill`. */
export function drawDisplaced(image: RgbImage, { x, y, interpolation, fill }: Displacement): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const pick = interpolation === 'nearest' ? pickNearest : pickBilinear;
  for (let row = 0, at = 0; row < image.height; row += 1) {
    for (let column = 0; column < image.width; column += 1, at += 1) {
      pick(image, column + x[at]!, row + y[at]!, { output: output.data, at: at * 3, fill });
    }
  }
  return output;
}

interface Target {
  readonly output: Uint8Array;
  readonly at: number;
  readonly fill: Color;
}

function pickNearest({ width, height, data }: RgbImage, x: number, y: number, { output, at, fill }: Target): void {
  const [column, row] = [roundHalfToEven(x), roundHalfToEven(y)];
  const isInside = column >= 0 && column < width && row >= 0 && row < height;
  for (let channel = 0; channel < 3; channel += 1) {
    output[at + channel] = isInside ? data[(row * width + column) * 3 + channel]! : fill[channel]!;
  }
}

/** Outside is black with the weight that it has; that is mixed with the fill by the weight of the inside once more, as in torchvision. */
function pickBilinear({ width, height, data }: RgbImage, x: number, y: number, { output, at, fill }: Target): void {
  const [left, upper] = [Math.floor(x), Math.floor(y)];
  const [shareX, shareY] = [x - left, y - upper];
  const sums = [0, 0, 0];
  let inside = 0;
  for (let corner = 0; corner < 4; corner += 1) {
    const [stepX, stepY] = [corner & 1, corner >> 1];
    const [column, row] = [left + stepX, upper + stepY];
    if (column < 0 || column >= width || row < 0 || row >= height) continue;
    const weight = (stepX === 1 ? shareX : 1 - shareX) * (stepY === 1 ? shareY : 1 - shareY);
    inside += weight;
    const from = (row * width + column) * 3;
    for (let channel = 0; channel < 3; channel += 1) sums[channel]! += weight * data[from + channel]!;
  }
  for (let channel = 0; channel < 3; channel += 1) {
    output[at + channel] = roundHalfToEven(sums[channel]! * inside + (1 - inside) * fill[channel]!);
  }
}
