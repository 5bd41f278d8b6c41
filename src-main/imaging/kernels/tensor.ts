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
