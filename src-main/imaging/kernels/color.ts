import { createRgbImage } from './rgb-image.ts';
import type { ImageSize, RgbImage } from './rgb-image.ts';

/** Brightness of a pixel as PIL's "L" mode: ITU-R 601 weights in 16-bit fixed point, rounded. */
export function luminance(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** The picture without colour: red, green and blue are each pixel's luminance. */
export function toGrayscale(image: RgbImage): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const { data } = image;
  for (let offset = 0; offset < data.length; offset += 3) {
    const level = luminance(data[offset]!, data[offset + 1]!, data[offset + 2]!);
    output.data[offset] = level;
    output.data[offset + 1] = level;
    output.data[offset + 2] = level;
  }
  return output;
}

/** Factor 0 is black, 1 the picture, 2 twice as bright (torchvision `adjust_brightness`). */
export function adjustBrightness(image: RgbImage, factor: number): RgbImage {
  return blendWithLevel(image, 0, factor);
}

/** Factor 0 is the picture's mean grey, 1 the picture; more drives values apart (torchvision `adjust_contrast`). */
export function adjustContrast(image: RgbImage, factor: number): RgbImage {
  const { data } = image;
  let sum = 0;
  for (let offset = 0; offset < data.length; offset += 3) {
    sum += luminance(data[offset]!, data[offset + 1]!, data[offset + 2]!);
  }
  return blendWithLevel(image, meanLevel(sum, image), factor);
}

/** The mean of luminances that sum up to this, as a whole number. */
export function meanLevel(sum: number, { width, height }: ImageSize): number {
  return Math.trunc(sum / (width * height) + 0.5);
}

/** Factor 0 is grey, 1 the picture; more makes colours stronger (torchvision `adjust_saturation`). */
export function adjustSaturation(image: RgbImage, factor: number): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const { data } = image;
  const target = output.data;
  // Differences reach from −255 to 255; their products with the factor are few enough for a table.
  const products = Float32Array.from({ length: 511 }, (_, index) => Math.fround(factor) * (index - 255));
  for (let offset = 0; offset < data.length; offset += 3) {
    const red = data[offset]!;
    const green = data[offset + 1]!;
    const blue = data[offset + 2]!;
    const level = luminance(red, green, blue);
    target[offset] = cutToByte(Math.fround(level + products[red - level + 255]!));
    target[offset + 1] = cutToByte(Math.fround(level + products[green - level + 255]!));
    target[offset + 2] = cutToByte(Math.fround(level + products[blue - level + 255]!));
  }
  return output;
}

/** Pillow's `Image.blend` of two pictures of the same size: factor 0 is the first, 1 the second. */
export function blend(first: RgbImage, second: RgbImage, factor: number): RgbImage {
  const output = createRgbImage(first.width, first.height);
  const single = Math.fround(factor);
  for (let at = 0; at < output.data.length; at += 1) {
    const value = first.data[at]!;
    output.data[at] = cutToByte(Math.fround(value + Math.fround(single * (second.data[at]! - value))));
  }
  return output;
}

/** Pillow's `ImagingBlend` of one grey level with a picture: 32-bit float arithmetic, fractions cut off. */
function blendWithLevel(image: RgbImage, level: number, factor: number): RgbImage {
  return mapValues(image, blendValue(level, factor));
}

/** The same of one value. */
export function blendValue(level: number, factor: number): (value: number) => number {
  const single = Math.fround(factor);
  return (value) => cutToByte(Math.fround(level + Math.fround(single * (value - level))));
}

/** Maps every value of every channel alike; `map` takes and gives whole numbers, 0 … 255. */
export function mapValues(image: RgbImage, map: (value: number) => number): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const table = Uint8Array.from({ length: 256 }, (_, value) => map(value));
  const { data } = image;
  for (let offset = 0; offset < data.length; offset += 1) output.data[offset] = table[data[offset]!]!;
  return output;
}

function cutToByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
}
