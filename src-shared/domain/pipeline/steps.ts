import * as v from 'valibot';
import { rgbSchema } from '../backbone.ts';

// The steps carry torchvision's names, parameters (in its own spelling) and defaults:
// https://docs.pytorch.org/vision/stable/transforms.html, version 0.29, v1 transforms on PIL images.

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const grey = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const border = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4096));
const strength = v.pipe(v.number(), v.minValue(0), v.maxValue(10));
const degree = v.pipe(v.number(), v.minValue(-360), v.maxValue(360));

/** Side lengths in pixels: the backbone's input size, one number (its meaning depends on the step), or [height, width]. */
export const sizeSchema = v.union([v.literal('backbone'), side, v.pipe(v.strictTuple([side, side]), v.readonly())]);
/** Border widths in pixels: all four, [left and right, top and bottom], or [left, top, right, bottom]. */
export const paddingSchema = v.union([
  border,
  v.pipe(v.strictTuple([border, border]), v.readonly()),
  v.pipe(v.strictTuple([border, border, border, border]), v.readonly()),
]);
export const interpolationSchema = v.picklist(['nearest', 'bilinear', 'bicubic']);
export const paddingModeSchema = v.picklist(['constant', 'edge', 'reflect', 'symmetric']);
/** The colour of new pixels, 0 … 255: one grey or [red, green, blue]. */
export const fillSchema = v.union([grey, v.pipe(v.strictTuple([grey, grey, grey]), v.readonly())]);
/** A jitter's strength s, meaning [max(0, 1 − s), 1 + s], or the two ends themselves. */
export const jitterSchema = v.union([strength, v.pipe(v.strictTuple([strength, strength]), v.readonly())]);
const hue = v.pipe(v.number(), v.minValue(-0.5), v.maxValue(0.5));
/** A hue shift's strength h in 0 … 0.5, meaning [−h, h] of a full turn, or the two ends themselves. */
export const hueSchema = v.union([
  v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
  v.pipe(v.strictTuple([hue, hue]), v.readonly()),
]);
/** Where Normalize takes mean and std from; they are for pixels in [0, 1]. */
export const statisticsSchema = v.union([
  v.literal('backbone'),
  v.literal('imagenet'),
  v.pipe(v.strictObject({ mean: rgbSchema, std: rgbSchema }), v.readonly()),
]);

export type Size = v.InferOutput<typeof sizeSchema>;
export type Padding = v.InferOutput<typeof paddingSchema>;
export type Fill = v.InferOutput<typeof fillSchema>;
export type Statistics = v.InferOutput<typeof statisticsSchema>;

/** One schema per step kind, for its parameters. */
export const stepParameterSchemas = {
  Resize: v.pipe(
    v.strictObject({
      /** One number: the shorter side gets it and the ratio stays. */
      size: sizeSchema,
      interpolation: interpolationSchema,
      /** Upper bound of the longer side in pixels when size is one number. */
      max_size: v.nullable(side),
      antialias: v.boolean(),
    }),
    v.readonly(),
  ),
  RandomCrop: v.pipe(
    v.strictObject({
      size: sizeSchema,
      padding: v.nullable(paddingSchema),
      pad_if_needed: v.boolean(),
      fill: fillSchema,
      padding_mode: paddingModeSchema,
    }),
    v.readonly(),
  ),
  RandomHorizontalFlip: v.pipe(v.strictObject({ p: probability }), v.readonly()),
  RandomVerticalFlip: v.pipe(v.strictObject({ p: probability }), v.readonly()),
  RandomRotation: v.pipe(
    v.strictObject({
      /** One number d: from −d to d degrees, counter-clockwise; or the two ends. */
      degrees: v.union([
        v.pipe(v.number(), v.minValue(0), v.maxValue(360)),
        v.pipe(v.strictTuple([degree, degree]), v.readonly()),
      ]),
      interpolation: v.picklist(['nearest', 'bilinear']),
      expand: v.boolean(),
      /** [x, y] in pixels from the upper left corner; null is the centre. */
      center: v.nullable(v.pipe(v.strictTuple([v.number(), v.number()]), v.readonly())),
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  ColorJitter: v.pipe(
    v.strictObject({ brightness: jitterSchema, contrast: jitterSchema, saturation: jitterSchema, hue: hueSchema }),
    v.readonly(),
  ),
  RandomGrayscale: v.pipe(v.strictObject({ p: probability }), v.readonly()),
  Pad: v.pipe(
    v.strictObject({ padding: paddingSchema, fill: fillSchema, padding_mode: paddingModeSchema }),
    v.readonly(),
  ),
  CenterCrop: v.pipe(v.strictObject({ size: sizeSchema }), v.readonly()),
  ToTensor: v.pipe(v.strictObject({}), v.readonly()),
  Normalize: v.pipe(v.strictObject({ statistics: statisticsSchema }), v.readonly()),
} as const;

export type StepKind = keyof typeof stepParameterSchemas;
export type StepParameters = { readonly [K in StepKind]: v.InferOutput<(typeof stepParameterSchemas)[K]> };

/** torchvision's defaults; where it has none (size, degrees, padding) the least surprising value. */
export const stepDefaults: StepParameters = {
  Resize: { size: 'backbone', interpolation: 'bilinear', max_size: null, antialias: true },
  RandomCrop: { size: 'backbone', padding: null, pad_if_needed: false, fill: 0, padding_mode: 'constant' },
  RandomHorizontalFlip: { p: 0.5 },
  RandomVerticalFlip: { p: 0.5 },
  RandomRotation: { degrees: 15, interpolation: 'nearest', expand: false, center: null, fill: 0 },
  ColorJitter: { brightness: 0, contrast: 0, saturation: 0, hue: 0 },
  RandomGrayscale: { p: 0.1 },
  Pad: { padding: 4, fill: 0, padding_mode: 'constant' },
  CenterCrop: { size: 'backbone' },
  ToTensor: {},
  Normalize: { statistics: 'backbone' },
};

function stepSchema<const K extends StepKind>(kind: K) {
  return v.pipe(
    v.strictObject({
      /** Unique within its list; stays when the step moves. */
      id: v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,40}$/)),
      kind: v.literal(kind),
      isEnabled: v.boolean(),
      parameters: stepParameterSchemas[kind],
    }),
    v.readonly(),
  );
}

/** One step of a pipeline. */
export const pipelineStepSchema = v.variant('kind', [
  stepSchema('Resize'),
  stepSchema('RandomCrop'),
  stepSchema('RandomHorizontalFlip'),
  stepSchema('RandomVerticalFlip'),
  stepSchema('RandomRotation'),
  stepSchema('ColorJitter'),
  stepSchema('RandomGrayscale'),
  stepSchema('Pad'),
  stepSchema('CenterCrop'),
  stepSchema('ToTensor'),
  stepSchema('Normalize'),
]);
export type PipelineStep = v.InferOutput<typeof pipelineStepSchema>;
export type StepOf<K extends StepKind> = Extract<PipelineStep, { readonly kind: K }>;

/** All kinds, in the order in which a person is offered them. */
export const stepKinds = [
  'Resize',
  'CenterCrop',
  'RandomCrop',
  'Pad',
  'RandomHorizontalFlip',
  'RandomVerticalFlip',
  'RandomRotation',
  'ColorJitter',
  'RandomGrayscale',
  'ToTensor',
  'Normalize',
] as const satisfies readonly StepKind[];

const randomKinds: ReadonlySet<StepKind> = new Set([
  'RandomCrop',
  'RandomHorizontalFlip',
  'RandomVerticalFlip',
  'RandomRotation',
  'ColorJitter',
  'RandomGrayscale',
]);

/** True for steps that draw their parameters anew for each image; these never run in evaluation. */
export function isRandomKind(kind: StepKind): boolean {
  return randomKinds.has(kind);
}
