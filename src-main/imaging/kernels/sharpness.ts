import { blend } from './color.ts';
import { createRgbImage } from './rgb-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** Factor 0 is a smoothed picture, 1 the picture; more sharpens (torchvision `adjust_sharpness`). */
export function adjustSharpness(image: RgbImage, factor: number): RgbImage {
  return blend(smooth(image), image, factor);
}

/** Pillow's `ImageFilter.SMOOTH`: the pixel five times and its eight neighbours, in thirteenths; the border stays as it is. */
function smooth(image: RgbImage): RgbImage {
  const { width, height, data } = image;
  const output = createRgbImage(width, height);
  output.data.set(data);
  const row = width * 3;
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * row + 3; at < (y + 1) * row - 3; at += 1) {
      const above = data[at - row - 3]! + data[at - row]! + data[at - row + 3]!;
      const beside = data[at - 3]! + 5 * data[at]! + data[at + 3]!;
      const below = data[at + row - 3]! + data[at + row]! + data[at + row + 3]!;
      output.data[at] = Math.trunc((above + beside + below) / 13 + 0.5);
    }
  }
  return output;
}
