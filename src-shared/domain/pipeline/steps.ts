import * as v from 'valibot';
import { augMix } from './steps/aug-mix.ts';
import { autoAugment } from './steps/auto-augment.ts';
import { centerCrop } from './steps/center-crop.ts';
import { colorJitter } from './steps/color-jitter.ts';
import { normalize } from './steps/normalize.ts';
import { pad } from './steps/pad.ts';
import { randAugment } from './steps/rand-augment.ts';
import { randomCrop } from './steps/random-crop.ts';
import { randomGrayscale } from './steps/random-grayscale.ts';
import { randomHorizontalFlip } from './steps/random-horizontal-flip.ts';
import { randomRotation } from './steps/random-rotation.ts';
import { randomVerticalFlip } from './steps/random-vertical-flip.ts';
import { resize } from './steps/resize.ts';
import type { StepKindRecord } from './steps/step-kind.ts';
import { toTensor } from './steps/to-tensor.ts';
import { trivialAugmentWide } from './steps/trivial-augment-wide.ts';

// The steps carry torchvision's names, parameters (in its own spelling) and defaults:
// https://docs.pytorch.org/vision/stable/transforms.html, version 0.29, v1 transforms on PIL images.

const records = {
  Resize: resize,
  CenterCrop: centerCrop,
  RandomCrop: randomCrop,
  Pad: pad,
  RandomHorizontalFlip: randomHorizontalFlip,
  RandomVerticalFlip: randomVerticalFlip,
  RandomRotation: randomRotation,
  ColorJitter: colorJitter,
  RandomGrayscale: randomGrayscale,
  AutoAugment: autoAugment,
  RandAugment: randAugment,
  TrivialAugmentWide: trivialAugmentWide,
  AugMix: augMix,
  ToTensor: toTensor,
  Normalize: normalize,
} as const;

export type StepKind = keyof typeof records;
export type StepParameters = {
  readonly [K in StepKind]: v.InferOutput<(typeof records)[K]['parameters']>;
};

/** What the app knows of each kind, in the order in which a person is offered them. */
export const stepKindRecords: { readonly [K in StepKind]: StepKindRecord<StepParameters[K]> } = records;

/** All kinds, in the order in which a person is offered them. */
export const stepKinds = Object.keys(records) as readonly StepKind[];

/** A step of these kinds. */
export type StepOf<K extends StepKind> = {
  readonly [P in K]: {
    /** Unique within its list; stays when the step moves. */
    readonly id: string;
    readonly kind: P;
    readonly isEnabled: boolean;
    readonly parameters: StepParameters[P];
  };
}[K];
/** One step of a pipeline. */
export type PipelineStep = StepOf<StepKind>;

function stepSchema(kind: StepKind) {
  return v.pipe(
    v.strictObject({
      id: v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,40}$/)),
      kind: v.literal(kind),
      isEnabled: v.boolean(),
      parameters: stepKindRecords[kind].parameters,
    }),
    v.readonly(),
  );
}

// A list of kinds made by a loop loses which parameters belong to which kind.
export const pipelineStepSchema = v.variant(
  'kind',
  stepKinds.map(stepSchema),
) as unknown as v.GenericSchema<PipelineStep>;

/** True for steps that draw their parameters anew for each image; these never run in evaluation. */
export function isRandomKind(kind: StepKind): boolean {
  return stepKindRecords[kind].isRandom;
}
