import * as v from 'valibot';
import type { BadRange } from './step-kind.ts';

/** A length in pixels. */
export const sideSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
export const probabilitySchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const grey = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const border = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4096));
const degree = v.pipe(v.number(), v.minValue(-360), v.maxValue(360));

/** Side lengths in pixels: the backbone's input size, one number (its meaning depends on the step), or [height, width]. */
export const sizeSchema = v.union([v.literal('backbone'), sideSchema, pairOf(sideSchema)]);
/** Border widths in pixels: all four, [left and right, top and bottom], or [left, top, right, bottom]. */
export const paddingSchema = v.union([
  border,
  pairOf(border),
  v.pipe(v.strictTuple([border, border, border, border]), v.readonly()),
]);
export const interpolationSchema = v.picklist(['nearest', 'bilinear', 'bicubic']);
export const paddingModeSchema = v.picklist(['constant', 'edge', 'reflect', 'symmetric']);
/** The colour of new pixels, 0 … 255: one grey or [red, green, blue]. */
export const fillSchema = v.union([grey, v.pipe(v.strictTuple([grey, grey, grey]), v.readonly())]);
/** One number d: from −d to d degrees; or the two ends. */
export const degreesSchema = v.union([v.pipe(v.number(), v.minValue(0), v.maxValue(360)), pairOf(degree)]);
/** Ends of an area, as shares of the picture's. */
export const areaShareSchema = pairOf(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));
/** Ends of a ratio of sides. */
export const ratioSchema = pairOf(v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)));
/** [x, y] in pixels from the upper left corner; null is the centre. */
export const centerSchema = v.nullable(pairOf(v.number()));

export type Size = v.InferOutput<typeof sizeSchema>;
export type Fill = v.InferOutput<typeof fillSchema>;

/** How many magnitudes an automatic augmentation has, from none to its strongest. */
export const magnitudeBinsSchema = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(100));

/** The parameter of steps that are done or left out, as a coin falls. */
export const coinSchema = v.pipe(v.strictObject({ p: probabilitySchema }), v.readonly());

/** Two values of a kind. */
export function pairOf<const S extends v.GenericSchema>(schema: S) {
  return v.pipe(v.strictTuple([schema, schema]), v.readonly());
}

/** [height, width] that a step makes of a size for both sides, where one number is a square. */
export function squareOf(size: Size, inputSize: number): readonly [number, number] {
  if (size === 'backbone') return [inputSize, inputSize];
  return typeof size === 'number' ? [size, size] : size;
}

/** The two ends of what is drawn between. */
export type Ends = readonly [number, number];

/** Torchvision's range around 0 (angles, hue): one number d means from −d to d. */
export function aroundZero(value: number | Ends): Ends {
  return typeof value === 'number' ? [-value, value] : value;
}

/** Torchvision's range of factors: one number s means from 1 − s to 1 + s; no factor is below 0. */
export function aroundOne(value: number | Ends): Ends {
  const [low, high] = typeof value === 'number' ? [1 - value, 1 + value] : value;
  return [Math.max(0, low), high];
}

/** [left, top, right, bottom] of torchvision's three ways to give a padding, in pixels. */
export function fourSides(padding: number | readonly number[]): readonly [number, number, number, number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  const [left = 0, top = left, right = left, bottom = top] = padding;
  return [left, top, right, bottom];
}

/** Of ranges given by their two ends, those whose ends are the wrong way round. */
export function reversedRanges(
  ranges: Readonly<Record<string, number | readonly [number, number] | null>>,
): readonly BadRange[] {
  return Object.entries(ranges).flatMap(([field, range]) =>
    range !== null && typeof range !== 'number' && range[0] > range[1] ? [{ field, expected: 'min ≤ max' }] : [],
  );
}
