import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import { drawSides, mostTries, type AreaRange } from '../area-draw.ts';
import { crop, type CropBox } from '../kernels/crop.ts';
import { resize } from '../fast/resize.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { checkPixelCount, definePictureStep, toCropSize } from '../step.ts';

/** Cuts a rectangle of random area and ratio out at a random place and scales it; after ten that do not fit, the middle. */
export const randomResizedCropStep = definePictureStep('RandomResizedCrop', {
  sample({ size, interpolation, ...range }, random, imageSize) {
    const target = toCropSize(size);
    checkPixelCount(target);
    return { box: drawBox(random, range, imageSize), target, interpolation };
  },
  apply: (image, { box, target, interpolation }) => resize(crop(image, box), target, interpolation),
  describe: ({ box: { left, top, width, height } }) => ({ left, top, width, height }),
});

function drawBox(random: Random, range: AreaRange, from: ImageSize): CropBox {
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    const [width, height] = drawSides(random, range, from).map(roundHalfToEven) as [number, number];
    if (width > 0 && width <= from.width && height > 0 && height <= from.height) {
      const top = random.integer(from.height - height + 1);
      const left = random.integer(from.width - width + 1);
      return { top, left, width, height };
    }
  }
  return middleBox(range.ratio, from);
}

/** The largest rectangle in the middle whose ratio is allowed. A line is never cut to nothing, where torchvision fails. */
function middleBox([least, most]: readonly [number, number], from: ImageSize): CropBox {
  const ratio = from.width / from.height;
  const width = ratio > most ? Math.max(1, roundHalfToEven(from.height * most)) : from.width;
  const height = ratio < least ? Math.max(1, roundHalfToEven(from.width / least)) : from.height;
  return { top: Math.floor((from.height - height) / 2), left: Math.floor((from.width - width) / 2), width, height };
}
