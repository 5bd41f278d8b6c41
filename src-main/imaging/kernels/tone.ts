import { mapValues } from './color.ts';
import { createRgbImage } from './rgb-image.ts';
import type { RgbImage } from './rgb-image.ts';

/** Keeps the highest `bits` bits of every value, 0 … 8 (torchvision `posterize`). */
export function posterize(image: RgbImage, bits: number): RgbImage {
  const mask = 256 - 2 ** (8 - bits);
  return mapValues(image, (value) => value & mask);
}

/** Inverts every value from `threshold` on, 0 … 256 (torchvision `solarize`). */
export function solarize(image: RgbImage, threshold: number): RgbImage {
  return mapValues(image, (value) => (value < threshold ? value : 255 - value));
}

/** The negative (torchvision `invert`). */
export function invert(image: RgbImage): RgbImage {
  return mapValues(image, (value) => 255 - value);
}

/** Stretches each channel so that its least value becomes 0 and its greatest 255 (Pillow `ImageOps.autocontrast`). */
export function autocontrast(image: RgbImage): RgbImage {
  return mapChannels(image, (histogram) => {
    const low = histogram.findIndex((count) => count > 0);
    const high = histogram.findLastIndex((count) => count > 0);
    if (high <= low) return (value) => value;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    return (value) => Math.min(255, Math.max(0, Math.trunc(value * scale + offset)));
  });
}

/** Spreads each channel so that all values are about equally frequent (Pillow `ImageOps.equalize`). */
export function equalize(image: RgbImage): RgbImage {
  return mapChannels(image, (histogram) => {
    const last = histogram.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((image.width * image.height - last) / 255);
    // One value alone, or too few pixels to spread.
    if (step === 0) return (value) => value;
    let below = Math.floor(step / 2);
    const table = histogram.map((count) => {
      const level = Math.min(255, Math.floor(below / step));
      below += count;
      return level;
    });
    return (value) => table[value]!;
  });
}

/** Applies to each channel a table of 256 values, made from how often each value is there. */
function mapChannels(image: RgbImage, makeMap: (histogram: readonly number[]) => (value: number) => number): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const { data } = image;
  for (let channel = 0; channel < 3; channel += 1) {
    const histogram = new Array<number>(256).fill(0);
    for (let offset = channel; offset < data.length; offset += 3) histogram[data[offset]!]! += 1;
    const map = makeMap(histogram);
    const table = Uint8Array.from({ length: 256 }, (_, value) => map(value));
    for (let offset = channel; offset < data.length; offset += 3) output.data[offset] = table[data[offset]!]!;
  }
  return output;
}
