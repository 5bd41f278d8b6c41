import { createRgbImage } from './rgb-image.ts';
import type { RgbImage } from './rgb-image.ts';

// Pillow stores hue and saturation as one byte each, so even a shift of 0 changes pixels slightly. That loss belongs to
// torchvision's result on PIL pictures and is kept, down to which steps are 32-bit floats (Math.fround) in Pillow's C.

/** Sector of the colour circle (0 … 5, 0 again at the end) for each hue byte. */
export const sectors = Uint8Array.from({ length: 256 }, (_, hue) => Math.floor((hue * 6) / 255) % 6);
/** How far the hue byte lies into its sector, 0 … 1. */
export const sectorFractions = Float32Array.from(
  { length: 256 },
  (_, hue) => (hue * 6) / 255 - Math.floor((hue * 6) / 255),
);
/** Saturation bytes as fractions. */
export const saturations = Float32Array.from({ length: 256 }, (_, saturation) => saturation / 255);

/**
 * Turns every colour along the colour circle (torchvision `adjust_hue`).
 *
 * `factor` is a fraction of the circle, −0.5 … 0.5; both ends are the complementary colours.
 */
export function adjustHue(image: RgbImage, factor: number): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const { data } = image;
  const target = output.data;
  const shift = hueShift(factor);
  for (let offset = 0; offset < data.length; offset += 3) {
    const red = data[offset]!;
    const green = data[offset + 1]!;
    const blue = data[offset + 2]!;
    const high = Math.max(red, green, blue);
    const range = high - Math.min(red, green, blue);
    const saturation = range === 0 ? 0 : Math.trunc(Math.fround(range / high) * 255);
    if (saturation === 0) {
      target[offset] = target[offset + 1] = target[offset + 2] = high;
      continue;
    }
    const hue = (hueByte(red, green, blue, high, range) + shift) & 255;
    writeColor(target, offset, hue, saturation, high);
  }
  return output;
}

/** Bytes of hue by which a factor turns. */
export function hueShift(factor: number): number {
  return Math.trunc(factor * 255);
}

function hueByte(red: number, green: number, blue: number, high: number, range: number): number {
  const redShare = Math.fround((high - red) / range);
  const greenShare = Math.fround((high - green) / range);
  const blueShare = Math.fround((high - blue) / range);
  const hue =
    red === high ? blueShare - greenShare : green === high ? 2 + redShare - blueShare : 4 + greenShare - redShare;
  return Math.trunc(Math.fround((Math.fround(hue) / 6 + 1) % 1) * 255);
}

function writeColor(target: Uint8Array, offset: number, hue: number, saturation: number, value: number): void {
  const fraction = sectorFractions[hue]!;
  const strength = saturations[saturation]!;
  const low = roundToByte(value * (1 - strength));
  const falling = roundToByte(value * (1 - Math.fround(strength * fraction)));
  const rising = roundToByte(value * (1 - strength * (1 - fraction)));
  const sector = sectors[hue]!;
  target[offset] = sector === 0 || sector === 5 ? value : sector === 1 ? falling : sector === 4 ? rising : low;
  target[offset + 1] = sector === 1 || sector === 2 ? value : sector === 0 ? rising : sector === 3 ? falling : low;
  target[offset + 2] = sector === 3 || sector === 4 ? value : sector === 2 ? rising : sector === 5 ? falling : low;
}

function roundToByte(value: number): number {
  return Math.min(255, Math.floor(value + 0.5));
}
