import { readSmall } from '../decode.ts';
import type { RgbImage } from '../kernels/rgb-image.ts';
import { readCaptureTime } from './capture-time.ts';
import { colorfulness, laplacianVariance, measureLight, type LightFacts } from './measures.ts';
import { perceptualHash } from './perceptual-hash.ts';
import { lumaPlane, shrinkPlane, type Plane } from './shrink.ts';

/** All figures are of the picture as it fits in a square of this size; smaller ones are taken as they are. */
const sidePx = 256;
const sketchSidePx = 12;
/** Values of a sketch. */
export const sketchBytes = sketchSidePx * sketchSidePx * 3;

/** What can be said of a picture without knowing what it shows. */
export interface PictureFacts extends LightFacts {
  /** Two unsigned 32-bit words; see `perceptualHash`. */
  readonly hash: readonly [number, number];
  /** 12 × 12 pixels of red, green and blue, each 0 … 255, whatever the shape of the picture. */
  readonly sketch: Uint8Array;
  /** Variance of the Laplacian, squared grey levels. */
  readonly sharpness: number;
  /** Hasler and Süsstrunk's; below 2 there is no colour. */
  readonly colorfulness: number;
  /** By the camera's clock, in milliseconds; null where the file does not say. */
  readonly capturedAt: number | null;
}

/** Measures a picture at thumbnail size, given as bytes or as the path of a file. Throws AppError for one that cannot be read. */
export async function measureImage(source: Uint8Array | string): Promise<PictureFacts> {
  const { image, exif } = await readSmall(source, sidePx);
  return { ...measurePixels(image), capturedAt: exif === null ? null : readCaptureTime(exif) };
}

/** The facts that lie in the pixels. */
export function measurePixels(image: RgbImage): Omit<PictureFacts, 'capturedAt'> {
  const luma = lumaPlane(image);
  return {
    hash: perceptualHash(luma),
    sketch: sketchOf(image),
    ...measureLight(luma),
    sharpness: laplacianVariance(luma),
    colorfulness: colorfulness(image),
  };
}

function sketchOf(image: RgbImage): Uint8Array {
  const sketch = new Uint8Array(sketchBytes);
  for (let channel = 0; channel < 3; channel += 1) {
    shrinkPlane(channelPlane(image, channel), sketchSidePx, sketchSidePx).data.forEach((value, pixel) => {
      sketch[pixel * 3 + channel] = Math.round(value);
    });
  }
  return sketch;
}

function channelPlane({ width, height, data }: RgbImage, channel: number): Plane {
  const plane = new Float32Array(width * height);
  for (let pixel = 0; pixel < plane.length; pixel += 1) plane[pixel] = data[pixel * 3 + channel] ?? 0;
  return { width, height, data: plane };
}
