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
import type { ImageSize, ImageTensor, Interpolation, RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { normalize, toTensor, type ChannelStatistics } from '../../imaging/kernels/tensor.ts';
import { fiveCrop, flipViews, tenCrop } from '../../imaging/kernels/views.ts';
import { averageViews } from '../../../src-shared/lib/average-views.ts';

type OnPicture = (image: RgbImage) => RgbImage;
type ToViews = (image: RgbImage) => readonly RgbImage[];

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
  return (image) => centerCrop(image, toSize(size));
}

/** Five views: upper left, upper right, lower left, lower right, middle. Throws a RangeError for a picture that is too small. */
export function FiveCrop({ size }: { readonly size: number | readonly [number, number] }): ToViews {
  return (image) => fiveCrop(image, toSize(size));
}

/** Ten views: those of FiveCrop, then those of the mirrored picture. */
export function TenCrop(parameters: {
  readonly size: number | readonly [number, number];
  readonly vertical_flip: boolean;
}): ToViews {
  return (image) => tenCrop(image, toSize(parameters.size), parameters.vertical_flip);
}

/** Two views: the picture, then the mirrored picture. */
export function FlipViews(parameters: { readonly vertical_flip: boolean }): ToViews {
  return (image) => flipViews(image, parameters.vertical_flip);
}

/** A step that is done to each view. */
export function eachView<Before, After>(
  apply: (value: Before) => After,
): (views: readonly Before[]) => readonly After[] {
  return (views) => views.map(apply);
}

/** The numbers of all views, one view after the other. */
export function joinViews(views: readonly ImageTensor[]): Float32Array {
  const length = views[0]?.data.length ?? 0;
  const data = new Float32Array(views.length * length);
  views.forEach((view, index) => data.set(view.data, index * length));
  return data;
}

/** One row of probabilities for a picture: the mean of the rows of its views. */
export function averageOfViews(probabilities: Float32Array, viewCount: number): Float32Array {
  return averageViews(probabilities, viewCount, probabilities.length / viewCount);
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

function toSize(size: number | readonly [number, number]): ImageSize {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  return { width, height };
}

function toList(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
