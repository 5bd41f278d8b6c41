import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { backboneRecordSchema, type BackboneRecord } from '../../src-shared/domain/backbone.ts';
import { resolveSteps, resolveStraight } from '../../src-shared/domain/pipeline/resolve.ts';
import {
  leafStepSchema,
  type LeafKind,
  type LeafStep,
  type PipelineStep,
} from '../../src-shared/domain/pipeline/steps.ts';
import { viewCountOf } from '../../src-shared/domain/pipeline/views.ts';
import { applyPipeline } from '../imaging/apply-pipeline.ts';
import type { RgbImage } from '../imaging/kernels/rgb-image.ts';
import { tensorsOf } from '../imaging/step.ts';

/**
 * preprocess.json: everything that happens to a picture before an exported network sees it.
 *
 * Nothing in it refers to anything else, so that it can be followed by a program, or a person, that has only this file. The exported page,
 * and the check of the export, both run on it.
 */
export const preprocessingSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    input: v.strictObject({
      width: v.number(),
      height: v.number(),
      channels: v.literal('RGB'),
      layout: v.literal('NHWC'),
      dtype: v.literal('float32'),
    }),
    /** What decoding means, in words. */
    decoding: v.array(v.string()),
    /** In order. Names, parameters and results are torchvision's on PIL images. */
    steps: v.array(leafStepSchema),
    /** With test-time augmentation: how many views of a picture the steps make, and what of the network's answers for them is averaged. */
    views: v.optional(v.strictObject({ count: v.number(), average: v.literal('probabilities') })),
    /** What each kind of step that occurs does, in words. */
    meaning: v.record(v.string(), v.string()),
    backbone: v.pick(backboneRecordSchema.pipe[0], [
      'name',
      'inputSize',
      'mean',
      'std',
      'interpolation',
      'origin',
      'sha256',
    ]),
  }),
  v.readonly(),
);
export type Preprocessing = v.InferOutput<typeof preprocessingSchema>;

/** The record for a list of evaluation steps with a backbone: sizes and statistics are written out. */
export function describePreprocessing(evaluation: readonly PipelineStep[], backbone: BackboneRecord): Preprocessing {
  const steps = resolveStraight(evaluation, backbone).map((step): LeafStep => {
    if (step.kind !== 'Normalize') return { ...step, isEnabled: true };
    return { id: step.id, kind: step.kind, isEnabled: true, parameters: { statistics: step.parameters } };
  });
  const { name, inputSize, mean, std, interpolation, origin, sha256 } = backbone;
  const viewCount = viewCountOf(steps);
  return {
    schemaVersion: 1,
    input: { width: inputSize, height: inputSize, channels: 'RGB', layout: 'NHWC', dtype: 'float32' },
    decoding,
    steps,
    ...(viewCount > 1 && { views: { count: viewCount, average: 'probabilities' } }),
    meaning: Object.fromEntries(
      steps.flatMap(({ kind }) => (meanings[kind] === undefined ? [] : [[kind, meanings[kind]]])),
    ),
    backbone: { name, inputSize, mean, std, interpolation, origin, sha256 },
  };
}

/** Reads preprocess.json. Throws an AppError where it is not one. */
export function readPreprocessing(json: string): Preprocessing {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), preprocessingSchema), json);
  if (parsed.success) return parsed.output;
  throw new AppError(
    'damaged-file',
    `Expected ‹a preprocessing record› for ‹preprocess.json›: ${parsed.issues[0].message}`,
  );
}

/** What the network gets for one picture. */
export interface NetworkInput {
  /** 1 without test-time augmentation; else the network's answers for the views are averaged. */
  readonly viewCount: number;
  /** views × height × width × 3 numbers. */
  readonly data: Float32Array;
}

/** What the network gets for a decoded picture. Throws an AppError where a step cannot run. */
export function toNetworkInput(image: RgbImage, { steps, backbone, input }: Preprocessing): NetworkInput {
  const tensors = tensorsOf(applyPipeline(image, resolveSteps(steps, backbone), 0));
  const misfit = tensors.find(({ width, height }) => width !== input.width || height !== input.height);
  if (misfit) {
    throw new AppError(
      'bad-input',
      `The steps make ${misfit.width} × ${misfit.height} pixels of this picture, not ${input.width} × ${input.height}.`,
    );
  }
  const length = input.width * input.height * 3;
  const data = new Float32Array(tensors.length * length);
  tensors.forEach((tensor, view) => data.set(tensor.data, view * length));
  return { viewCount: tensors.length, data };
}

const decoding = [
  'First frame. EXIF orientation applied. Transparent pixels over white. Grey becomes three equal channels.',
  '8 bits per channel, red, green, blue; numbers as they are in the file, no colour profile applied.',
];

const meanings: Readonly<Partial<Record<LeafKind, string>>> = {
  Resize:
    'One number: the shorter side gets it, the longer side keeps the proportion and is cut to whole pixels. Two numbers: height, width. Bilinear and bicubic are Pillow’s: support widened when shrinking (antialias), two passes, rounded to 8 bits after each.',
  CenterCrop: 'The middle of the picture, [height, width] or a square; black is added where the picture is too small.',
  Pad: 'Borders in pixels: all, [left and right, top and bottom], or [left, top, right, bottom].',
  FiveCrop:
    'Five views of the picture, [height, width] or squares: upper left, upper right, lower left, lower right, middle. Every step after it is done to each view.',
  TenCrop:
    'Ten views of the picture: the five of FiveCrop, then the five of the picture mirrored left to right (vertical_flip: top to bottom). Every step after it is done to each view.',
  FlipViews:
    'Two views of the picture: as it is, then mirrored left to right (vertical_flip: top to bottom). Every step after it is done to each view.',
  ToTensor: 'float32 = byte / 255.',
  Normalize: '(value − mean) / std per channel, in float32.',
};
