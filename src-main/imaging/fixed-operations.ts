import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { rgbSchema } from '../../src-shared/domain/backbone.ts';
import { fillSchema, interpolationSchema, paddingModeSchema } from '../../src-shared/domain/pipeline/steps.ts';
import { adjustBrightness, adjustContrast, adjustSaturation, toGrayscale } from './kernels/color.ts';
import { centerCrop, crop } from './kernels/crop.ts';
import { flipHorizontally, flipVertically } from './kernels/flip.ts';
import { adjustHue } from './kernels/hue.ts';
import { bordersFrom, pad } from './kernels/pad.ts';
import { resize } from './kernels/resize.ts';
import { resizedSize } from './kernels/resized-size.ts';
import type { Interpolation, RgbImage } from './kernels/rgb-image.ts';
import { rotate } from './kernels/rotate.ts';
import { normalize, toTensor } from './kernels/tensor.ts';
import { checkPixelCount, toColor } from './step.ts';
import type { StepValue } from './step.ts';
import { adjustColors } from './steps/color-jitter.ts';

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const pixels = v.pipe(v.number(), v.integer());
/** One number, one number in a list, or [height, width]. */
const sides = v.union([side, v.strictTuple([side]), v.strictTuple([side, side])]);
const positive = v.pipe(v.number(), v.minValue(0));
const hueShift = v.pipe(v.number(), v.minValue(-0.5), v.maxValue(0.5));
const deviations = v.pipe(
  rgbSchema,
  v.check((std) => std.every((value) => value > 0), 'Expected ‹numbers above 0› for ‹std›'),
);
const jitterNames = ['brightness', 'contrast', 'saturation', 'hue'] as const;

/** One function of torchvision.transforms.functional with every parameter given; nothing is drawn. */
interface Operation {
  run(image: RgbImage, parameters: unknown): StepValue;
}

/** The names are those of torchvision's functions, or of short compositions of them. */
const operations = {
  resize: operation(
    v.strictObject({
      size: sides,
      interpolation: v.optional(interpolationSchema, 'bilinear'),
      max_size: v.optional(v.nullable(side), null),
      antialias: v.optional(v.boolean(), true),
    }),
    (image, { size, interpolation, max_size: maxSize }) => picture(scale(image, toList(size), interpolation, maxSize)),
  ),
  crop: operation(v.strictObject({ top: pixels, left: pixels, height: side, width: side }), (image, box) => {
    checkPixelCount(box);
    return picture(crop(image, box));
  }),
  center_crop: operation(v.strictObject({ size: sides }), (image, { size }) =>
    picture(cropCenter(image, toList(size))),
  ),
  hflip: operation(v.strictObject({}), (image) => picture(flipHorizontally(image))),
  vflip: operation(v.strictObject({}), (image) => picture(flipVertically(image))),
  rotate: operation(
    v.strictObject({
      angle: v.number(),
      interpolation: v.optional(interpolationSchema, 'nearest'),
      expand: v.optional(v.boolean(), false),
      center: v.optional(v.nullable(v.strictTuple([v.number(), v.number()])), null),
      fill: v.optional(fillSchema, 0),
    }),
    (image, { angle, interpolation, expand, center, fill }) =>
      picture(rotate(image, { angle, interpolation, isExpanded: expand, center, fill: toColor(fill) })),
  ),
  adjust_brightness: operation(v.strictObject({ factor: positive }), (image, { factor }) =>
    picture(adjustBrightness(image, factor)),
  ),
  adjust_contrast: operation(v.strictObject({ factor: positive }), (image, { factor }) =>
    picture(adjustContrast(image, factor)),
  ),
  adjust_saturation: operation(v.strictObject({ factor: positive }), (image, { factor }) =>
    picture(adjustSaturation(image, factor)),
  ),
  adjust_hue: operation(v.strictObject({ factor: hueShift }), (image, { factor }) => picture(adjustHue(image, factor))),
  color_jitter: operation(
    v.strictObject({
      /** Positions in brightness, contrast, saturation, hue. */
      order: v.array(v.picklist([0, 1, 2, 3])),
      brightness: v.nullish(positive),
      contrast: v.nullish(positive),
      saturation: v.nullish(positive),
      hue: v.nullish(hueShift),
    }),
    (image, factors) => {
      const drawn = factors.order.flatMap((index) => {
        const name = jitterNames[index];
        const factor = factors[name] ?? null;
        return factor === null ? [] : [{ name, factor }];
      });
      return picture(adjustColors(image, drawn));
    },
  ),
  grayscale: operation(v.strictObject({ channels: v.optional(v.literal(3), 3) }), (image) =>
    picture(toGrayscale(image)),
  ),
  pad: operation(
    v.strictObject({
      padding: v.union([
        pixels,
        v.strictTuple([pixels]),
        v.strictTuple([pixels, pixels]),
        v.strictTuple([pixels, pixels, pixels, pixels]),
      ]),
      mode: v.optional(paddingModeSchema, 'constant'),
      fill: v.optional(fillSchema, 0),
    }),
    (image, { padding, mode, fill }) => picture(pad(image, bordersFrom(toList(padding)), mode, toColor(fill))),
  ),
  to_tensor_normalize: operation(v.strictObject({ mean: rgbSchema, std: deviations }), (image, { mean, std }) =>
    tensor(image, mean, std),
  ),
  compose_article: operation(
    v.strictObject({ resize: sides, crop: sides, flip: v.boolean(), mean: rgbSchema, std: deviations }),
    (image, { resize: size, crop: cropSize, flip, mean, std }) => {
      const scaled = scale(flip ? flipHorizontally(image) : image, toList(size), 'bilinear', null);
      return tensor(cropCenter(scaled, toList(cropSize)), mean, std);
    },
  ),
} as const;

/** What can be asked for by name. */
export type OperationName = keyof typeof operations;

/** All names, in the order of the reference cases. */
export const operationNames: readonly string[] = Object.keys(operations);

/** True for the name of an operation that is there. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

/** Applies an operation with fixed parameters. Throws an AppError naming the parameter that is wrong. */
export function runOperation(name: OperationName, parameters: unknown, image: RgbImage): StepValue {
  return operations[name].run(image, parameters);
}

function operation<const S extends v.GenericSchema>(
  schema: S,
  apply: (image: RgbImage, parameters: v.InferOutput<S>) => StepValue,
): Operation {
  return {
    run(image, parameters) {
      const parsed = v.safeParse(schema, parameters);
      if (parsed.success) return apply(image, parsed.output);
      const [issue] = parsed.issues;
      throw new AppError('bad-input', `Wrong parameter ‹${v.getDotPath(issue) ?? 'params'}›: ${issue.message}`);
    },
  };
}

function picture(image: RgbImage): StepValue {
  return { type: 'picture', image };
}

function tensor(
  image: RgbImage,
  mean: v.InferOutput<typeof rgbSchema>,
  std: v.InferOutput<typeof rgbSchema>,
): StepValue {
  return { type: 'tensor', tensor: normalize(toTensor(image), mean, std) };
}

function scale(
  image: RgbImage,
  size: readonly number[],
  interpolation: Interpolation,
  maxSize: number | null,
): RgbImage {
  const target = resizedSize(image, size, maxSize);
  checkPixelCount(target);
  return resize(image, target, interpolation);
}

function cropCenter(image: RgbImage, [height = 1, width = height]: readonly number[]): RgbImage {
  checkPixelCount({ width, height });
  return centerCrop(image, { width, height });
}

function toList(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value] : value;
}
