import { blendValue, meanLevel, toGrayscale as toGrayscalePlainly } from '../kernels/color.ts';
import { hueShift, saturations, sectorFractions, sectors } from '../kernels/hue.ts';
import type { RgbImage } from '../kernels/rgb-image.ts';
import { isFast, onPicture, type Places } from './on-picture.ts';

/** One adjustment of colours with its factor, as the kernels of that name take it. */
export interface ColorChange {
  readonly name: 'brightness' | 'contrast' | 'saturation' | 'hue';
  readonly factor: number;
}

/** Three tables of 256 numbers of 32 bits. */
const tableBytes = 1024;

/** Applies changes one after the other, to the bit as the kernels of these names, by WebAssembly. */
export function changeColors(image: RgbImage, changes: readonly ColorChange[]): RgbImage {
  return onPicture(image, { size: sizeOf(image), scratchBytes: 3 * tableBytes }, (places) => {
    let from = places.source;
    for (const change of changes) {
      const to = places.other(from);
      applyChange(places, image, change, { from, to });
      from = to;
    }
    return from;
  });
}

/** As the kernel of that name, by WebAssembly. */
export function toGrayscale(image: RgbImage): RgbImage {
  if (!isFast(image)) return toGrayscalePlainly(image);
  return onPicture(image, { size: sizeOf(image) }, ({ kernels, source, other }) => {
    const target = other(source);
    kernels.makeGray(source, target, image.width * image.height);
    return target;
  });
}

function applyChange(
  { kernels, heap, scratch }: Places,
  image: RgbImage,
  { name, factor }: ColorChange,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const pixels = image.width * image.height;
  switch (name) {
    case 'saturation':
      kernels.changeSaturation(from, to, pixels, factor);
      return;
    case 'hue':
      new Int32Array(heap.buffer, scratch, 256).set(sectors);
      new Float32Array(heap.buffer, scratch + tableBytes, 256).set(sectorFractions);
      new Float32Array(heap.buffer, scratch + 2 * tableBytes, 256).set(saturations);
      kernels.turnHue(from, to, pixels, hueShift(factor), scratch, scratch + tableBytes, scratch + 2 * tableBytes);
      return;
    default: {
      const level = name === 'brightness' ? 0 : meanLevel(kernels.sumLuminance(from, pixels), image);
      heap.set(
        Uint8Array.from({ length: 256 }, (_, value) => blendValue(level, factor)(value)),
        scratch,
      );
      kernels.mapBytes(from, to, pixels * 3, scratch);
    }
  }
}

function sizeOf({ width, height }: RgbImage): { readonly width: number; readonly height: number } {
  return { width, height };
}
