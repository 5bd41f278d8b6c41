/**
 * What a preprocess.mjs is made of: torchvision's transforms for PIL images, without randomness, under their own names and parameters.
 *
 * Works in browsers and in Node, and imports nothing. Pictures are 8-bit RGB, row by row; a tensor has the same order.
 */
import { toGrayscale } from '../../imaging/kernels/color.ts';
import { centerCrop } from '../../imaging/kernels/crop.ts';
import { bordersFrom, pad, type PadMode } from '../../imaging/kernels/pad.ts';
import { resize } from '../../imaging/kernels/resize.ts';
import { resizedSize } from '../../imaging/kernels/resized-size.ts';
import type { ImageTensor, Interpolation, RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { normalize, toTensor, type ChannelStatistics } from '../../imaging/kernels/tensor.ts';

type OnPicture = (image: RgbImage) => RgbImage;

/** A canvas' ImageData: red, green, blue and alpha of each pixel. */
interface CanvasPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** One number: the shorter side gets it. Two: height and width. */
export function Resize(parameters: {
  readonly size: number | readonly [number, number];
  readonly interpolation: Interpolation;
  readonly max_size: number | null;
}): OnPicture {
  const { size, interpolation, max_size: maxSize } = parameters;
  return (image) => resize(image, resizedSize(image, toList(size), maxSize), interpolation);
}

/** Cuts the middle out; a picture that is too small gets black borders. */
export function CenterCrop({ size }: { readonly size: number | readonly [number, number] }): OnPicture {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  return (image) => centerCrop(image, { width, height });
}

/** Adds a border: all sides, [left and right, top and bottom], or [left, top, right, bottom], in pixels. */
export function Pad(parameters: {
  readonly padding: number | readonly number[];
  readonly fill: number | readonly [number, number, number];
  readonly padding_mode: PadMode;
}): OnPicture {
  const { padding, fill, padding_mode: mode } = parameters;
  const color = typeof fill === 'number' ? ([fill, fill, fill] as const) : fill;
  return (image) => pad(image, bordersFrom(toList(padding)), mode, color);
}

/** Takes the colour away; three equal channels stay. */
export function Grayscale(): OnPicture {
  return toGrayscale;
}

/** Bytes become float32 in [0, 1]. */
export function ToTensor(): (image: RgbImage) => ImageTensor {
  return toTensor;
}

/** (value − mean) / std per channel, in float32. */
export function Normalize(parameters: {
  readonly mean: ChannelStatistics;
  readonly std: ChannelStatistics;
}): (tensor: ImageTensor) => ImageTensor {
  return (tensor) => normalize(tensor, parameters.mean, parameters.std);
}

/** The RGB picture of a canvas' ImageData; what is transparent lies over white. */
export function fromImageData({ width, height, data }: CanvasPixels): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const alpha = data[from + 3]!;
    for (let channel = 0; channel < 3; channel += 1) {
      rgb[to + channel] = Math.round((data[from + channel]! * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return { width, height, data: rgb };
}

function toList(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
