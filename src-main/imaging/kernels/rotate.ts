import { drawAffine } from './affine.ts';
import type { AffineMatrix } from './affine.ts';
import { flipHorizontally, flipVertically, turnClockwise, turnCounterClockwise } from './flip.ts';
import { createFilledImage } from './rgb-image.ts';
import type { Color, ImageSize, Interpolation, RgbImage } from './rgb-image.ts';

/** How to turn a picture. */
export interface Rotation {
  /** Degrees counter-clockwise. */
  readonly angle: number;
  readonly interpolation: Interpolation;
  /** Whether the result grows to hold the whole turned picture; assumes a turn about the middle. */
  readonly isExpanded: boolean;
  /** The point that stays, as (x, y) from the upper left corner; null is the middle. */
  readonly center: readonly [number, number] | null;
  /** Colour of what the turned picture does not cover. */
  readonly fill: Color;
}

/** Turns a picture, to the bit as Pillow's `Image.rotate`, which torchvision's `rotate` calls. */
export function rotate(image: RgbImage, rotation: Rotation): RgbImage {
  const remainder = rotation.angle % 360;
  const angle = remainder < 0 ? remainder + 360 : remainder;
  const turned = rotation.center === null ? turnByQuarters(image, angle, rotation.isExpanded) : null;
  if (turned !== null) return turned;
  const center = rotation.center ?? [image.width / 2, image.height / 2];
  const matrix = inverseMatrix(angle, center);
  if (!rotation.isExpanded) {
    const output = createFilledImage(image.width, image.height, rotation.fill);
    return drawAffine(image, output, matrix, rotation.interpolation);
  }
  const expanded = expand(image, matrix);
  const output = createFilledImage(expanded.width, expanded.height, rotation.fill);
  return drawAffine(image, output, expanded.matrix, rotation.interpolation);
}

/** Quarter turns move pixels without mixing them. Null where the picture must be mapped after all. */
function turnByQuarters(image: RgbImage, angle: number, isExpanded: boolean): RgbImage | null {
  if (angle === 0) return image;
  if (angle === 180) return flipHorizontally(flipVertically(image));
  if (!isExpanded && image.width !== image.height) return null;
  if (angle === 90) return turnCounterClockwise(image);
  return angle === 270 ? turnClockwise(image) : null;
}

/** From output to input. Fifteen decimals, as in Pillow, make the multiples of 90° exact. */
function inverseMatrix(angle: number, [centerX, centerY]: readonly [number, number]): AffineMatrix {
  const radians = -(angle * (Math.PI / 180));
  const cosine = Number(Math.cos(radians).toFixed(15));
  const sine = Number(Math.sin(radians).toFixed(15));
  const linear: AffineMatrix = [cosine, sine, 0, -sine, cosine, 0];
  const [offsetX, offsetY] = transformPoint(linear, -centerX, -centerY);
  return [cosine, sine, offsetX + centerX, -sine, cosine, offsetY + centerY];
}

function expand(image: ImageSize, matrix: AffineMatrix): ImageSize & { readonly matrix: AffineMatrix } {
  const corners = [
    transformPoint(matrix, 0, 0),
    transformPoint(matrix, image.width, 0),
    transformPoint(matrix, image.width, image.height),
    transformPoint(matrix, 0, image.height),
  ];
  const width = span(corners.map(([x]) => x));
  const height = span(corners.map(([, y]) => y));
  const [a, b, , d, e] = matrix;
  const [c, f] = transformPoint(matrix, -(width - image.width) / 2, -(height - image.height) / 2);
  return { width, height, matrix: [a, b, c, d, e, f] };
}

function span(values: readonly number[]): number {
  return Math.ceil(Math.max(...values)) - Math.floor(Math.min(...values));
}

function transformPoint([a, b, c, d, e, f]: AffineMatrix, x: number, y: number): readonly [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}
