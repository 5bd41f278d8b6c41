import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import type { OperationName } from './operation.ts';

/** The magnitudes that an operation can have, from weak to strong. */
export interface Magnitudes {
  /** Empty where the operation has no magnitude. */
  readonly values: readonly number[];
  /** Whether the sign is drawn as well. */
  readonly isSigned: boolean;
}

/** The operations that a policy draws from, in torchvision's order, which its draws count by. */
export type OperationSpace = readonly (readonly [OperationName, Magnitudes])[];

/** RandAugment's operations; magnitudes of moves are shares of the picture. */
export function randAugmentSpace(bins: number, size: ImageSize): OperationSpace {
  return [
    ['Identity', none],
    ...placements({ shear: 0.3, x: (150 / 331) * size.width, y: (150 / 331) * size.height, degrees: 30 }, bins),
    ...adjustments(0.9, bins),
    ...tones(8, 4, bins),
  ];
}

/** AutoAugment's operations: RandAugment's with Invert, in ten steps. */
export function autoAugmentSpace(size: ImageSize): OperationSpace {
  const [, ...space] = randAugmentSpace(10, size);
  return [...space, ['Invert', none]];
}

/** TrivialAugmentWide's operations: the same, up to far stronger magnitudes; moves are pixels. */
export function trivialAugmentWideSpace(bins: number): OperationSpace {
  return [
    ['Identity', none],
    ...placements({ shear: 0.99, x: 32, y: 32, degrees: 135 }, bins),
    ...adjustments(0.99, bins),
    ...tones(8, 6, bins),
  ];
}

/** AugMix's operations in ten steps; its paper leaves out those that resemble the corruptions it tests with, unless `allOps`. */
export function augMixSpace(allOps: boolean, size: ImageSize): OperationSpace {
  return [
    ...placements({ shear: 0.3, x: size.width / 3, y: size.height / 3, degrees: 30 }, 10),
    ...tones(4, 4, 10),
    ...(allOps ? adjustments(0.9, 10) : []),
  ];
}

const none: Magnitudes = { values: [], isSigned: false };

interface Strongest {
  readonly shear: number;
  readonly x: number;
  readonly y: number;
  readonly degrees: number;
}

function placements({ shear, x, y, degrees }: Strongest, bins: number): OperationSpace {
  return [
    ['ShearX', signedUpTo(shear, bins)],
    ['ShearY', signedUpTo(shear, bins)],
    ['TranslateX', signedUpTo(x, bins)],
    ['TranslateY', signedUpTo(y, bins)],
    ['Rotate', signedUpTo(degrees, bins)],
  ];
}

function adjustments(strongest: number, bins: number): OperationSpace {
  return (['Brightness', 'Color', 'Contrast', 'Sharpness'] as const).map((name) => [name, signedUpTo(strongest, bins)]);
}

function tones(mostBits: number, lostBits: number, bins: number): OperationSpace {
  const bits = Array.from({ length: bins }, (_, index) => mostBits - roundHalfToEven(index / ((bins - 1) / lostBits)));
  return [
    ['Posterize', { values: bits, isSigned: false }],
    ['Solarize', { values: linspace(255, 0, bins), isSigned: false }],
    ['AutoContrast', none],
    ['Equalize', none],
  ];
}

function signedUpTo(strongest: number, bins: number): Magnitudes {
  return { values: linspace(0, strongest, bins), isSigned: true };
}

/** torch.linspace in its 32-bit arithmetic, from both ends: a move is cut to whole pixels, so the last bit can show. */
function linspace(start: number, end: number, count: number): readonly number[] {
  const [first, last] = [Math.fround(start), Math.fround(end)];
  const step = Math.fround(Math.fround(last - first) / (count - 1));
  return Array.from({ length: count }, (_, index) =>
    index < Math.floor(count / 2) ? Math.fround(first + step * index) : Math.fround(last - step * (count - index - 1)),
  );
}
