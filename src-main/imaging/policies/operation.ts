import { placeAffine } from '../kernels/affine-placement.ts';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../kernels/color.ts';
import { crop } from '../kernels/crop.ts';
import { bordersFrom, pad } from '../kernels/pad.ts';
import type { Color, Interpolation, RgbImage } from '../kernels/rgb-image.ts';
import { rotate } from '../kernels/rotate.ts';
import { adjustSharpness } from '../kernels/sharpness.ts';
import { autocontrast, equalize, invert, posterize, solarize } from '../kernels/tone.ts';

/** What the policies do to pictures, by torchvision's names. */
export type OperationName = keyof typeof operations;

/** One operation that a policy drew. */
export interface DrawnOperation {
  readonly name: OperationName;
  /** In the operation's own unit, with its sign; 0 where it has none. */
  readonly magnitude: number;
}

/** What the operations that move pixels share. */
export interface Placing {
  readonly interpolation: Interpolation;
  /** Colour of what the picture no longer covers. */
  readonly fill: Color;
  /** Whether the picture's edge mixes with the fill instead of ending sharply: what bilinear is for torchvision on tensors. */
  readonly isEdgeSoft: boolean;
}

/** Applies one operation, as torchvision's `_apply_op` on a PIL picture. */
export function applyOperation(image: RgbImage, { name, magnitude }: DrawnOperation, placing: Placing): RgbImage {
  return operations[name](image, magnitude, placing);
}

/** The operations one after the other, for a person: “Rotate -12, Equalize”. */
export function describeOperations(drawn: readonly DrawnOperation[]): string {
  const words = drawn.map(({ name, magnitude }) =>
    withoutMagnitude.has(name) ? name : `${name} ${String(Number(magnitude.toFixed(3)))}`,
  );
  return words.join(', ') || 'Identity';
}

const withoutMagnitude: ReadonlySet<OperationName> = new Set(['Identity', 'AutoContrast', 'Equalize', 'Invert']);

const operations = {
  Identity: (image: RgbImage) => image,
  ShearX: (image: RgbImage, slope: number, placing: Placing) => shear(image, [toDegrees(slope), 0], placing),
  ShearY: (image: RgbImage, slope: number, placing: Placing) => shear(image, [0, toDegrees(slope)], placing),
  TranslateX: (image: RgbImage, pixels: number, placing: Placing) => translate(image, [Math.trunc(pixels), 0], placing),
  TranslateY: (image: RgbImage, pixels: number, placing: Placing) => translate(image, [0, Math.trunc(pixels)], placing),
  Rotate: (image: RgbImage, angle: number, placing: Placing) =>
    place(image, placing, (whole) => rotate(whole, { ...placing, angle, isExpanded: false, center: null })),
  Brightness: (image: RgbImage, change: number) => adjustBrightness(image, 1 + change),
  Color: (image: RgbImage, change: number) => adjustSaturation(image, 1 + change),
  Contrast: (image: RgbImage, change: number) => adjustContrast(image, 1 + change),
  Sharpness: (image: RgbImage, change: number) => adjustSharpness(image, 1 + change),
  Posterize: (image: RgbImage, bits: number) => posterize(image, bits),
  Solarize: (image: RgbImage, threshold: number) => solarize(image, threshold),
  AutoContrast: (image: RgbImage) => autocontrast(image),
  Equalize: (image: RgbImage) => equalize(image),
  Invert: (image: RgbImage) => invert(image),
} as const;

/** About the upper left corner, as the policies' authors had it; torchvision's own affine turns about the middle. */
function shear(image: RgbImage, degrees: readonly [number, number], placing: Placing): RgbImage {
  return place(image, placing, (whole, corner) =>
    placeAffine(whole, { ...unmoved, ...placing, shear: degrees, center: [corner, corner] }),
  );
}

function translate(image: RgbImage, pixels: readonly [number, number], placing: Placing): RgbImage {
  return place(image, placing, (whole) => placeAffine(whole, { ...unmoved, ...placing, translate: pixels }));
}

/** A border of the fill, one pixel wide while the picture moves, is what a soft edge mixes with. `corner` is where the picture begins. */
function place(
  image: RgbImage,
  { fill, interpolation, isEdgeSoft }: Placing,
  move: (whole: RgbImage, corner: number) => RgbImage,
): RgbImage {
  if (!isEdgeSoft || interpolation === 'nearest') return move(image, 0);
  const { width, height } = image;
  return crop(move(pad(image, bordersFrom([1]), 'constant', fill), 1), { left: 1, top: 1, width, height });
}

const unmoved = { angle: 0, translate: [0, 0], scale: 1, shear: [0, 0], center: null } as const;

/** The angle whose tangent the slope is. */
function toDegrees(slope: number): number {
  return (Math.atan(slope) * 180) / Math.PI;
}
