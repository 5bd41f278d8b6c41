import { aroundZero } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import { placeAffine } from '../kernels/affine-placement.ts';
import { definePictureStep, drawBetween, toColor } from '../step.ts';

/** Turns, moves, scales and shears by amounts drawn uniformly; moves are whole pixels. */
export const randomAffineStep = definePictureStep('RandomAffine', {
  // What is null is drawn all the same, from nothing to nothing, so that turning it on leaves what the others draw.
  sample({ degrees, translate, scale, shear, interpolation, center, fill }, random, { width, height }) {
    const angle = drawBetween(random, aroundZero(degrees), 'degrees');
    const [shareX, shareY] = translate ?? [0, 0];
    return {
      angle,
      translate: [drawMove(random, shareX * width), drawMove(random, shareY * height)] as const,
      scale: drawBetween(random, scale ?? [1, 1], 'scale'),
      shear: drawShear(random, shear ?? 0),
      interpolation,
      center,
      fill: toColor(fill),
    };
  },
  apply: placeAffine,
  describe: ({ angle, translate: [x, y], scale, shear: [shearX, shearY] }) => ({ angle, x, y, scale, shearX, shearY }),
});

function drawMove(random: Random, most: number): number {
  return roundHalfToEven(drawBetween(random, [-most, most], 'translate'));
}

function drawShear(random: Random, shear: number | readonly number[]): readonly [number, number] {
  const [lowX = 0, highX = 0, lowY = 0, highY = 0] = typeof shear === 'number' ? [-shear, shear] : shear;
  return [drawBetween(random, [lowX, highX], 'shear'), drawBetween(random, [lowY, highY], 'shear')];
}
