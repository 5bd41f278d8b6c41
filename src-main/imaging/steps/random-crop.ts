import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ResolvedParameters } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { crop } from '../kernels/crop.ts';
import type { CropBox } from '../kernels/crop.ts';
import { bordersFrom, pad, paddedSize } from '../kernels/pad.ts';
import type { Borders } from '../kernels/pad.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { checkPixelCount, definePictureStep, toColor, toCropSize } from '../step.ts';

/** Cuts a rectangle out at a random place, each whole-pixel place equally likely, after padding if asked for. */
export const randomCropStep = definePictureStep('RandomCrop', {
  sample(parameters, random, imageSize) {
    const cropSize = toCropSize(parameters.size);
    const { borders, size } = chooseBorders(parameters, imageSize, cropSize);
    return {
      borders,
      box: drawBox(random, size, cropSize),
      mode: parameters.padding_mode,
      fill: toColor(parameters.fill),
    };
  },
  apply: (image, { borders, box, mode, fill }) =>
    crop(
      borders.reduce((padded, border) => pad(padded, border, mode, fill), image),
      box,
    ),
  describe: ({ box: { left, top, width, height } }) => ({ left, top, width, height }),
});

interface ChosenBorders {
  /** Applied one after the other: a mirrored border mirrors the borders before it as well. */
  readonly borders: readonly Borders[];
  readonly size: ImageSize;
}

function chooseBorders(
  { padding, pad_if_needed: isPaddedIfNeeded }: ResolvedParameters['RandomCrop'],
  imageSize: ImageSize,
  cropSize: ImageSize,
): ChosenBorders {
  const borders: Borders[] = [];
  let size = imageSize;
  const add = (sides: readonly number[]): void => {
    const border = bordersFrom(sides);
    size = paddedSize(size, border);
    checkPixelCount(size);
    borders.push(border);
  };
  if (padding !== null) add(typeof padding === 'number' ? [padding] : padding);
  // torchvision pads both sides by the whole lack, which is what moves the picture around in the crop.
  if (isPaddedIfNeeded && size.width < cropSize.width) add([cropSize.width - size.width, 0]);
  if (isPaddedIfNeeded && size.height < cropSize.height) add([0, cropSize.height - size.height]);
  return { borders, size };
}

function drawBox(random: Random, from: ImageSize, { width, height }: ImageSize): CropBox {
  if (from.width < width || from.height < height) {
    throw new AppError(
      'bad-input',
      say('cropTooLarge', { cropWidth: width, cropHeight: height, width: from.width, height: from.height }),
    );
  }
  if (from.width === width && from.height === height) return { top: 0, left: 0, width, height };
  const top = random.integer(from.height - height + 1);
  const left = random.integer(from.width - width + 1);
  return { top, left, width, height };
}
