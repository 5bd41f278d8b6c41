/** A picture as every kernel takes and returns it: 8-bit sRGB, row by row, red, green and blue interleaved. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** width × height × 3 values. */
  readonly data: Uint8Array;
}

/** What a network reads: 32-bit floats in the same order as `RgbImage` (height, width, channel). */
export interface ImageTensor {
  readonly width: number;
  readonly height: number;
  /** width × height × 3 values. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Red, green and blue, each 0 … 255. */
export type Color = readonly [number, number, number];

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Ways to find a value between pixels; bilinear and bicubic widen their support when they shrink, as PIL does. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic';

/** A black picture. Throws a RangeError when a side is not a whole number of at least one pixel. */
export function createRgbImage(width: number, height: number): RgbImage {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`Expected ‹at least 1 × 1 pixel› for ‹size›, received ‹${width} × ${height}›`);
  }
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/** A picture of one colour. */
export function createFilledImage(width: number, height: number, fill: Color): RgbImage {
  const image = createRgbImage(width, height);
  const [red, green, blue] = fill;
  if (red === green && green === blue) {
    image.data.fill(red);
    return image;
  }
  for (let offset = 0; offset < image.data.length; offset += 3) {
    image.data[offset] = red;
    image.data[offset + 1] = green;
    image.data[offset + 2] = blue;
  }
  return image;
}
