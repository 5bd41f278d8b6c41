import * as v from 'valibot';
import {
  containerDefaults,
  containerKinds,
  containerParameterSchemas,
  isContainerKind,
  type ContainerKind,
  type ContainerParameters,
} from './containers.ts';
import { augMix } from './steps/aug-mix.ts';
import { autoAugment } from './steps/auto-augment.ts';
import { centerCrop } from './steps/center-crop.ts';
import { colorJitter } from './steps/color-jitter.ts';
import { elasticTransform } from './steps/elastic-transform.ts';
import { fiveCrop } from './steps/five-crop.ts';
import { flipViews } from './steps/flip-views.ts';
import { gaussianBlur } from './steps/gaussian-blur.ts';
import { grayscale } from './steps/grayscale.ts';
import { normalize } from './steps/normalize.ts';
import { pad } from './steps/pad.ts';
import { randomAdjustSharpness } from './steps/random-adjust-sharpness.ts';
import { randomAffine } from './steps/random-affine.ts';
import { randomAutocontrast } from './steps/random-autocontrast.ts';
import { randAugment } from './steps/rand-augment.ts';
import { randomCrop } from './steps/random-crop.ts';
import { randomEqualize } from './steps/random-equalize.ts';
import { randomErasing } from './steps/random-erasing.ts';
import { randomGrayscale } from './steps/random-grayscale.ts';
import { randomHorizontalFlip } from './steps/random-horizontal-flip.ts';
import { randomInvert } from './steps/random-invert.ts';
import { randomPerspective } from './steps/random-perspective.ts';
import { randomPosterize } from './steps/random-posterize.ts';
import { randomResizedCrop } from './steps/random-resized-crop.ts';
import { randomRotation } from './steps/random-rotation.ts';
import { randomSolarize } from './steps/random-solarize.ts';
import { randomVerticalFlip } from './steps/random-vertical-flip.ts';
import { resize } from './steps/resize.ts';
import { tenCrop } from './steps/ten-crop.ts';
import { toTensor } from './steps/to-tensor.ts';
import type { StepKindRecord } from './steps/step-kind.ts';
import { trivialAugmentWide } from './steps/trivial-augment-wide.ts';

// The steps carry torchvision's names, parameters (in its own spelling) and defaults:
// https://docs.pytorch.org/vision/stable/transforms.html, version 0.29, v1 transforms on PIL images.

const records = {
  Resize: resize,
  CenterCrop: centerCrop,
  RandomCrop: randomCrop,
  RandomResizedCrop: randomResizedCrop,
  Pad: pad,
  RandomHorizontalFlip: randomHorizontalFlip,
  RandomVerticalFlip: randomVerticalFlip,
  RandomRotation: randomRotation,
  RandomAffine: randomAffine,
  RandomPerspective: randomPerspective,
  ElasticTransform: elasticTransform,
  ColorJitter: colorJitter,
  Grayscale: grayscale,
  RandomGrayscale: randomGrayscale,
  RandomInvert: randomInvert,
  RandomPosterize: randomPosterize,
  RandomSolarize: randomSolarize,
  RandomAutocontrast: randomAutocontrast,
  RandomEqualize: randomEqualize,
  RandomAdjustSharpness: randomAdjustSharpness,
  GaussianBlur: gaussianBlur,
  AutoAugment: autoAugment,
  RandAugment: randAugment,
  TrivialAugmentWide: trivialAugmentWide,
  AugMix: augMix,
  ToTensor: toTensor,
  Normalize: normalize,
  RandomErasing: randomErasing,
  FiveCrop: fiveCrop,
  TenCrop: tenCrop,
  FlipViews: flipViews,
} as const;

/** A kind of step that holds no others. */
export type LeafKind = keyof typeof records;
export type StepKind = LeafKind | ContainerKind;
type LeafParameters = { readonly [K in LeafKind]: v.InferOutput<(typeof records)[K]['parameters']> };
export type StepParameters = LeafParameters & ContainerParameters;

/** What the app knows of each kind that holds no others, in the order in which a person is offered them. */
export const stepKindRecords: { readonly [K in LeafKind]: StepKindRecord<LeafParameters[K]> } = records;

/** The kinds that hold no others, in the order in which a person is offered them. */
export const leafKinds = Object.keys(records) as readonly LeafKind[];

/** All kinds, in the order in which a person is offered them. */
export const stepKinds: readonly StepKind[] = [...leafKinds, ...containerKinds];

interface StepParts<Kind, Parameters> {
  /** Unique within its list, containers included; stays when the step moves, and decides what it draws. */
  readonly id: string;
  readonly kind: Kind;
  readonly isEnabled: boolean;
  readonly parameters: Parameters;
}
interface ContainerOf<K extends ContainerKind> extends StepParts<K, ContainerParameters[K]> {
  readonly steps: readonly PipelineStep[];
}

/** A step of these kinds, which hold no others. */
export type LeafOf<K extends LeafKind> = { readonly [P in K]: StepParts<P, LeafParameters[P]> }[K];
/** A step of these kinds. */
export type StepOf<K extends StepKind> = {
  readonly [P in K]: P extends ContainerKind ? ContainerOf<P> : P extends LeafKind ? LeafOf<P> : never;
}[K];
/** A step that holds no others. */
export type LeafStep = LeafOf<LeafKind>;
/** A step that holds others. */
export type ContainerStep = { readonly [K in ContainerKind]: ContainerOf<K> }[ContainerKind];
/** One step of a pipeline, with all that it holds. */
export type PipelineStep = LeafStep | ContainerStep;

const shared = { id: v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,40}$/)), isEnabled: v.boolean() };

function leafSchema(kind: LeafKind) {
  return v.pipe(
    v.strictObject({ ...shared, kind: v.literal(kind), parameters: stepKindRecords[kind].parameters }),
    v.readonly(),
  );
}

function containerSchema(kind: ContainerKind) {
  const steps = v.pipe(v.array(v.lazy(() => pipelineStepSchema)), v.readonly());
  return v.pipe(
    v.strictObject({ ...shared, kind: v.literal(kind), parameters: containerParameterSchemas[kind], steps }),
    v.readonly(),
  );
}

// A list of kinds made by a loop loses which parameters belong to which kind.
export const leafStepSchema = v.variant('kind', leafKinds.map(leafSchema)) as unknown as v.GenericSchema<LeafStep>;
export const pipelineStepSchema = v.variant('kind', [
  ...leafKinds.map(leafSchema),
  ...containerKinds.map(containerSchema),
]) as unknown as v.GenericSchema<PipelineStep>;

/** True for steps that draw their parameters anew for each image; these never run in evaluation. */
export function isRandomKind(kind: StepKind): boolean {
  return isContainerKind(kind) ? kind !== 'Compose' : stepKindRecords[kind].isRandom;
}

/** How many pictures a step of this kind makes of one. */
export function viewsOfKind(kind: StepKind): number {
  return isContainerKind(kind) ? 1 : stepKindRecords[kind].viewCount;
}

/** True for a step that holds others, resolved or not. */
export function isContainer<Step extends { readonly kind: StepKind }>(
  step: Step,
): step is Extract<Step, { readonly steps: readonly unknown[] }> {
  return 'steps' in step;
}

/** What a new step of this kind starts with. */
export function defaultsOf<K extends StepKind>(kind: K): StepParameters[K];
export function defaultsOf(kind: StepKind): StepParameters[StepKind] {
  return isContainerKind(kind) ? containerDefaults[kind] : stepKindRecords[kind].defaults;
}
