import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { rgbSchema } from '../../src-shared/domain/backbone.ts';
import { fillSchema, interpolationSchema, paddingModeSchema } from '../../src-shared/domain/pipeline/steps/fields.ts';
import { placeAffine } from './kernels/affine-placement.ts';
import { toGrayscale } from './fast/color.ts';
import { flipHorizontally } from './fast/flip.ts';
import { adjustBrightness, adjustContrast, adjustSaturation } from './kernels/color.ts';
import { centerCrop, crop } from './kernels/crop.ts';
import { flipVertically } from './kernels/flip.ts';
import { gaussianBlur } from './kernels/gaussian-blur.ts';
import { adjustHue } from './kernels/hue.ts';
import { bordersFrom, pad } from './kernels/pad.ts';
import { drawPerspective } from './kernels/perspective.ts';
import { resize } from './fast/resize.ts';
import { resizedSize } from './kernels/resized-size.ts';
import type { ImageSize, Interpolation, RgbImage } from './kernels/rgb-image.ts';
import { rotate } from './kernels/rotate.ts';
import { adjustSharpness } from './kernels/sharpness.ts';
import { fiveCrop, tenCrop } from './kernels/views.ts';
import { normalize, toTensor } from './kernels/tensor.ts';
import { autocontrast, equalize, invert, posterize, solarize } from './kernels/tone.ts';
import { checkPixelCount, toColor, toPair } from './step.ts';
import type { StepValue } from './step.ts';
import { adjustColors } from './steps/color-jitter.ts';

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const pixels = v.pipe(v.number(), v.integer());
/** One number, one number in a list, or [height, width]. */
const sides = v.union([side, v.strictTuple([side]), v.strictTuple([side, side])]);
const positive = v.pipe(v.number(), v.minValue(0));
const point = v.strictTuple([v.number(), v.number()]);
const corners = v.strictTuple([point, point, point, point]);
const oddSide = v.pipe(
  side,
  v.check((size) => size % 2 === 1, 'Expected ‹an odd number› for ‹kernel_size›'),
);
const aboveZero = v.pipe(v.number(), v.gtValue(0));
const deviation = v.union([aboveZero, v.strictTuple([aboveZero, aboveZero])]);
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
  resized_crop: operation(
    v.strictObject({
      ...{ top: pixels, left: pixels, height: side, width: side, size: sides },
      interpolation: v.optional(interpolationSchema, 'bilinear'),
    }),
    (image, { size, interpolation, ...box }) => {
      checkPixelCount(box);
      return picture(scale(crop(image, box), toList(size), interpolation, null));
    },
  ),
  center_crop: operation(v.strictObject({ size: sides }), (image, { size }) =>
    picture(cropCenter(image, toList(size))),
  ),
  five_crop: operation(v.strictObject({ size: sides }), (image, { size }) => views(fiveCrop(image, toCropSize(size)))),
  ten_crop: operation(
    v.strictObject({ size: sides, vertical_flip: v.optional(v.boolean(), false) }),
    (image, { size, vertical_flip: isVertical }) => views(tenCrop(image, toCropSize(size), isVertical)),
  ),
  hflip: operation(v.strictObject({}), (image) => picture(flipHorizontally(image))),
  vflip: operation(v.strictObject({}), (image) => picture(flipVertically(image))),
  rotate: operation(
    v.strictObject({
      angle: v.number(),
      interpolation: v.optional(interpolationSchema, 'nearest'),
      expand: v.optional(v.boolean(), false),
      center: v.optional(v.nullable(point), null),
      fill: v.optional(fillSchema, 0),
    }),
    (image, { angle, interpolation, expand, center, fill }) =>
      picture(rotate(image, { angle, interpolation, isExpanded: expand, center, fill: toColor(fill) })),
  ),
  affine: operation(
    v.strictObject({
      angle: v.number(),
      translate: point,
      scale: aboveZero,
      shear: point,
      interpolation: v.optional(interpolationSchema, 'nearest'),
      center: v.optional(v.nullable(point), null),
      fill: v.optional(fillSchema, 0),
    }),
    (image, { fill, ...placement }) => picture(placeAffine(image, { ...placement, fill: toColor(fill) })),
  ),
  perspective: operation(
    v.strictObject({
      startpoints: corners,
      endpoints: corners,
      interpolation: v.optional(interpolationSchema, 'bilinear'),
      fill: v.optional(fillSchema, 0),
    }),
    (image, { startpoints: startPoints, endpoints: endPoints, interpolation, fill }) =>
      picture(drawPerspective(image, { startPoints, endPoints, interpolation, fill: toColor(fill) })),
  ),
  gaussian_blur: operation(
    v.strictObject({ kernel_size: v.union([oddSide, v.strictTuple([oddSide, oddSide])]), sigma: deviation }),
    (image, { kernel_size: size, sigma }) =>
      picture(gaussianBlur(image, { kernelSize: toPair(size), sigma: toPair(sigma) })),
  ),
  adjust_sharpness: operation(v.strictObject({ factor: positive }), (image, { factor }) =>
    picture(adjustSharpness(image, factor)),
  ),
  posterize: operation(
    v.strictObject({ bits: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8)) }),
    (image, { bits }) => picture(posterize(image, bits)),
  ),
  solarize: operation(v.strictObject({ threshold: positive }), (image, { threshold }) =>
    picture(solarize(image, threshold)),
  ),
  autocontrast: operation(v.strictObject({}), (image) => picture(autocontrast(image))),
  equalize: operation(v.strictObject({}), (image) => picture(equalize(image))),
  invert: operation(v.strictObject({}), (image) => picture(invert(image))),
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
      if (parsed.success) return refuseRange(() => apply(image, parsed.output));
      const [issue] = parsed.issues;
      throw new AppError('bad-input', `Wrong parameter ‹${v.getDotPath(issue) ?? 'params'}›: ${issue.message}`);
    },
  };
}

/** What a kernel cannot do with this picture is the fault of a parameter. */
function refuseRange(apply: () => StepValue): StepValue {
  try {
    return apply();
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('bad-input', error.message);
    throw error;
  }
}

function picture(image: RgbImage): StepValue {
  return { type: 'picture', image };
}

function views(images: readonly RgbImage[]): StepValue {
  return { type: 'views', views: images.map((image) => ({ type: 'picture', image })) };
}

function toCropSize(size: number | readonly [number] | readonly [number, number]): ImageSize {
  const [height = 1, width = height] = toList(size);
  return { width, height };
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
