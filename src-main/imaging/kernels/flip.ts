import { createRgbImage } from './rgb-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** Mirrors left and right. */
export function flipHorizontally(image: RgbImage): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const rowLength = image.width * 3;
  for (let rowStart = 0; rowStart < image.data.length; rowStart += rowLength) {
    let source = rowStart + rowLength - 3;
    for (let target = rowStart; target < rowStart + rowLength; target += 3) {
      output.data[target] = image.data[source]!;
      output.data[target + 1] = image.data[source + 1]!;
      output.data[target + 2] = image.data[source + 2]!;
      source -= 3;
    }
  }
  return output;
}

/** Mirrors top and bottom. */
export function flipVertically(image: RgbImage): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const rowLength = image.width * 3;
  for (let y = 0; y < image.height; y += 1) {
    const source = (image.height - 1 - y) * rowLength;
    output.data.set(image.data.subarray(source, source + rowLength), y * rowLength);
  }
  return output;
}

/** Turns by a quarter counter-clockwise; width and height change places. */
export function turnCounterClockwise(image: RgbImage): RgbImage {
  const output = createRgbImage(image.height, image.width);
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      copyPixel(image, y * image.width + x, output, (image.width - 1 - x) * image.height + y);
    }
  }
  return output;
}

/** Turns by a quarter clockwise; width and height change places. */
export function turnClockwise(image: RgbImage): RgbImage {
  const output = createRgbImage(image.height, image.width);
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      copyPixel(image, y * image.width + x, output, x * image.height + image.height - 1 - y);
    }
  }
  return output;
}

function copyPixel(from: RgbImage, fromPixel: number, to: RgbImage, toPixel: number): void {
  to.data[toPixel * 3] = from.data[fromPixel * 3]!;
  to.data[toPixel * 3 + 1] = from.data[fromPixel * 3 + 1]!;
  to.data[toPixel * 3 + 2] = from.data[fromPixel * 3 + 2]!;
}
