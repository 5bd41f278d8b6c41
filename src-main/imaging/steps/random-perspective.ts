import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { drawPerspective, spansPlane, type Corners } from '../kernels/perspective.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { definePictureStep, toColor, tossCoin } from '../step.ts';

/**
 * Moves each corner inwards by whole pixels with probability p, each place equally likely.
 *
 * A line, and corners of which three come to lie on a line, have no other side to be seen from: the picture stays.
 */
export const randomPerspectiveStep = definePictureStep('RandomPerspective', {
  sample({ distortion_scale: distortion, p, interpolation, fill }, random, size) {
    if (!tossCoin({ p }, random)) return null;
    const [startPoints, endPoints] = [cornersOf(size), drawCorners(random, distortion, size)];
    if (!spansPlane(startPoints) || !spansPlane(endPoints)) return null;
    return { startPoints, endPoints, interpolation, fill: toColor(fill) };
  },
  apply: (image, perspective) => (perspective ? drawPerspective(image, perspective) : image),
  describe: (perspective) => ({
    isMoved: perspective !== null,
    ...(perspective && { corners: perspective.endPoints.map((point) => point.join(',')).join(' ') }),
  }),
});

function cornersOf({ width, height }: ImageSize): Corners {
  return [
    [0, 0],
    [width - 1, 0],
    [width - 1, height - 1],
    [0, height - 1],
  ];
}

function drawCorners(random: Random, distortion: number, { width, height }: ImageSize): Corners {
  const mostX = Math.trunc(distortion * Math.floor(width / 2));
  const mostY = Math.trunc(distortion * Math.floor(height / 2));
  const near = (most: number): number => random.integer(most + 1);
  // torchvision's far corners reach one pixel further in.
  const far = (most: number, side: number): number => side - most - 1 + random.integer(most + 1);
  return [
    [near(mostX), near(mostY)],
    [far(mostX, width), near(mostY)],
    [far(mostX, width), far(mostY, height)],
    [near(mostX), far(mostY, height)],
  ];
}
