import { drawAffine } from './affine.ts';
import type { AffineMatrix } from './affine.ts';
import { createFilledImage } from './rgb-image.ts';
import type { Color, Interpolation, RgbImage } from './rgb-image.ts';

/** How to turn, move, scale and shear a picture that keeps its size. */
export interface AffinePlacement {
  /** Degrees clockwise. */
  readonly angle: number;
  /** Pixels to the right and down, after the turn. */
  readonly translate: readonly [number, number];
  /** Above 0. */
  readonly scale: number;
  /** Degrees along x and along y. */
  readonly shear: readonly [number, number];
  readonly interpolation: Interpolation;
  /** The point that stays, as (x, y); null is the middle. */
  readonly center: readonly [number, number] | null;
  readonly fill: Color;
}

/** torchvision's `affine` on a PIL picture. */
export function placeAffine(image: RgbImage, placement: AffinePlacement): RgbImage {
  const center = placement.center ?? [image.width * 0.5, image.height * 0.5];
  const output = createFilledImage(image.width, image.height, placement.fill);
  return drawAffine(image, output, inverseAffineMatrix(center, placement), placement.interpolation);
}

/**
 * From output to input: the inverse of T · C · R(angle) · Shear(x, y) · scale · C⁻¹, torchvision's `_get_inverse_affine_matrix`, with
 * T the translation and C the centre.
 */
function inverseAffineMatrix(
  [centerX, centerY]: readonly [number, number],
  { angle, translate, scale, shear }: AffinePlacement,
): AffineMatrix {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [rotation, shearX, shearY] = [radians(angle), radians(shear[0]), radians(shear[1])];
  const a = Math.cos(rotation - shearY) / Math.cos(shearY);
  const b = (-Math.cos(rotation - shearY) * Math.tan(shearX)) / Math.cos(shearY) - Math.sin(rotation);
  const c = Math.sin(rotation - shearY) / Math.cos(shearY);
  const d = (-Math.sin(rotation - shearY) * Math.tan(shearX)) / Math.cos(shearY) + Math.cos(rotation);
  // The linear part has determinant 1 before scaling.
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
  const [x, y] = [-centerX - translate[0], -centerY - translate[1]];
  return [m0, m1, m0 * x + m1 * y + centerX, m3, m4, m3 * x + m4 * y + centerY];
}
