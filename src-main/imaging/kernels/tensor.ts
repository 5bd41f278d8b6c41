import type { CropBox } from './crop.ts';
import type { ImageTensor, RgbImage } from './rgb-image.ts';

/** Means or standard deviations of red, green and blue, for values in [0, 1]. */
export type ChannelStatistics = readonly [number, number, number];

/** Every byte as a 32-bit float in [0, 1], as torchvision's `to_tensor` divides. */
const unitValues = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** Scales 0 … 255 to 0 … 1 (torchvision `to_tensor`), keeping the order height, width, channel. */
export function toTensor(image: RgbImage): ImageTensor {
  const data = new Float32Array(image.data.length);
  for (let index = 0; index < data.length; index += 1) data[index] = unitValues[image.data[index]!]!;
  return { width: image.width, height: image.height, data };
}

/** Subtracts the mean and divides by the standard deviation per channel, in 32-bit floats (torchvision `normalize`). */
export function normalize(tensor: ImageTensor, mean: ChannelStatistics, std: ChannelStatistics): ImageTensor {
  const data = new Float32Array(tensor.data.length);
  for (let channel = 0; channel < 3; channel += 1) {
    const center = Math.fround(mean[channel]!);
    const spread = Math.fround(std[channel]!);
    for (let index = channel; index < data.length; index += 3) {
      data[index] = Math.fround(tensor.data[index]! - center) / spread;
    }
  }
  return { width: tensor.width, height: tensor.height, data };
}

/** `normalize` after `toTensor` in one go: of 256 values each channel can have. `data` is overwritten, and has as many numbers as the picture has bytes. */
export function toNormalized(
  image: RgbImage,
  { mean, std }: { readonly mean: ChannelStatistics; readonly std: ChannelStatistics },
  data = new Float32Array(image.data.length),
): ImageTensor {
  const [red, green, blue] = [0, 1, 2].map((channel) => {
    const center = Math.fround(mean[channel]!);
    const spread = Math.fround(std[channel]!);
    return unitValues.map((value) => Math.fround(value - center) / spread);
  });
  const { width, height, data: bytes } = image;
  for (let at = 0; at < data.length; at += 3) {
    data[at] = red![bytes[at]!]!;
    data[at + 1] = green![bytes[at + 1]!]!;
    data[at + 2] = blue![bytes[at + 2]!]!;
  }
  return { width, height, data };
}

/** The picture of a tensor that went through these normalisations, in their order; what is outside of it is cut to black or white. */
export function toPicture(
  tensor: ImageTensor,
  normalizations: readonly { readonly mean: ChannelStatistics; readonly std: ChannelStatistics }[],
): RgbImage {
  const data = new Uint8Array(tensor.data.length);
  for (let at = 0; at < data.length; at += 1) {
    const channel = at % 3;
    const unit = normalizations.reduceRight(
      (value, { mean, std }) => value * std[channel]! + mean[channel]!,
      tensor.data[at]!,
    );
    data[at] = Math.round(Math.min(1, Math.max(0, unit)) * 255);
  }
  return { width: tensor.width, height: tensor.height, data };
}

/** A copy in which a box holds other values: three for all of its pixels, or three for each (torchvision `erase`). */
export function erase(tensor: ImageTensor, box: CropBox, values: ArrayLike<number>): ImageTensor {
  const data = tensor.data.slice();
  for (let row = 0, from = 0; row < box.height; row += 1) {
    const start = ((box.top + row) * tensor.width + box.left) * 3;
    for (let at = start; at < start + box.width * 3; at += 1, from += 1) data[at] = values[from % values.length]!;
  }
  return { width: tensor.width, height: tensor.height, data };
}

/** The same values with each channel in one piece (channel, height, width), the order of PyTorch's files. */
export function toChannelsFirst(tensor: ImageTensor): Float32Array {
  const pixelCount = tensor.width * tensor.height;
  const output = new Float32Array(pixelCount * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let pixel = 0; pixel < pixelCount; pixel += 1) {
      output[channel * pixelCount + pixel] = tensor.data[pixel * 3 + channel]!;
    }
  }
  return output;
}
