import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ResolvedParameters, ResolvedSize, ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import type { LeafKind } from '../../src-shared/domain/pipeline/steps.ts';
import type { Fill } from '../../src-shared/domain/pipeline/steps/fields.ts';
import { createRandom, type Random } from '../../src-shared/lib/seeded-random.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { Color, ImageSize, ImageTensor, RgbImage } from './kernels/rgb-image.ts';

/** A picture, or from ToTensor on the numbers a network reads. */
export type SingleValue =
  { readonly type: 'picture'; readonly image: RgbImage } | { readonly type: 'tensor'; readonly tensor: ImageTensor };

/** What travels down a pipeline. After a step for test-time augmentation these are several views of one picture, in torchvision's order. */
export type StepValue = SingleValue | { readonly type: 'views'; readonly views: readonly SingleValue[] };

/** What a step drew for one image, for a person to read, e.g. { angle: -12.3 }. Sides and borders are pixels. */
export type StepFacts = Readonly<Record<string, number | string | boolean>>;

/** Gives memory for so many numbers of a result; what lies there is undefined. */
export type TakeNumbers = (length: number) => Float32Array<ArrayBuffer>;

/** Decides every draw of a pipeline for one image. */
export type PictureSeed = number | string;

/** The stream of one step for one image: by its id, so that changing, adding or moving a step leaves what all others draw. */
export function randomOfStep(seed: PictureSeed, { id }: Pick<ResolvedStep, 'id'>): Random {
  return createRandom(`${seed}/step/${id}`);
}

/** A step with everything random decided; applying it again gives the same result. */
export interface StepDraw {
  readonly facts: StepFacts;
  /** Throws an AppError when the value is of the wrong type for this step. */
  apply(value: SingleValue): StepValue;
}

/** One kind of step: draws parameters for an image of this size. Throws an AppError when the size cannot be handled. */
export interface Step<K extends LeafKind> {
  readonly kind: K;
  draw(parameters: ResolvedParameters[K], random: Random, size: ImageSize): StepDraw;
}

/** The three parts that make a kind of step; `Drawn` are its parameters with everything random decided. */
interface StepParts<K extends LeafKind, Drawn> {
  /** Draws in torchvision's order from torchvision's distributions. */
  readonly sample: (parameters: ResolvedParameters[K], random: Random, size: ImageSize) => Drawn;
  /** Pure: depends on the picture and what was drawn only. */
  readonly apply: (image: RgbImage, drawn: Drawn) => RgbImage;
  readonly describe: (drawn: Drawn) => StepFacts;
}

/** Makes a kind of step that turns a picture into a picture. */
export function definePictureStep<K extends LeafKind, Drawn>(kind: K, parts: StepParts<K, Drawn>): Step<K> {
  return {
    kind,
    draw(parameters, random, size) {
      const drawn = parts.sample(parameters, random, size);
      return {
        facts: parts.describe(drawn),
        apply: (value) => ({ type: 'picture', image: parts.apply(requirePicture(value, kind), drawn) }),
      };
    },
  };
}

/** Makes a kind of step that turns a picture into several views of it. `make` throws an AppError for a picture that it cannot take. */
export function defineViewsStep<K extends LeafKind>(
  kind: K,
  make: (image: RgbImage, parameters: ResolvedParameters[K]) => readonly RgbImage[],
): Step<K> {
  return {
    kind,
    draw: (parameters) => ({
      facts: {},
      apply(value) {
        const views = make(requirePicture(value, kind), parameters);
        return { type: 'views', views: views.map((image) => ({ type: 'picture', image })) };
      },
    }),
  };
}

/** Each view of a value, in their order; of one that has no views itself. */
export function viewsOf(value: StepValue): readonly SingleValue[] {
  return value.type === 'views' ? value.views : [value];
}

/** The numbers that a network reads, those of each view. Throws an AppError where the list ended with a picture. */
export function tensorsOf(value: StepValue): readonly ImageTensor[] {
  return viewsOf(value).map((view) => {
    if (view.type === 'tensor') return view.tensor;
    throw new AppError('bad-input', say('endsWithPicture'));
  });
}

/** The picture in a value, for steps that need one. Throws an AppError after ToTensor. */
export function requirePicture(value: SingleValue, kind: LeafKind): RgbImage {
  if (value.type === 'picture') return value.image;
  throw new AppError('bad-input', say('stepNeedsPicture', { kind }));
}

/** The numbers in a value, for steps that need them. Throws an AppError before ToTensor. */
export function requireTensor(value: SingleValue, kind: LeafKind): ImageTensor {
  if (value.type === 'tensor') return value.tensor;
  throw new AppError('bad-input', say('stepNeedsTensor', { kind }));
}

/** Largest picture that a step may make; the limit of what is decoded as well. */
export const maximumPixelCount = 100e6;

/** Refuses to make a picture that would exhaust the memory, such as a thin line scaled up. */
export function checkPixelCount(size: ImageSize): void {
  if (size.width * size.height > maximumPixelCount) {
    throw new AppError('bad-input', say('pictureGrows', { width: size.width, height: size.height }));
  }
}

/** Whether a step with a probability is done: the one number that it draws. */
export function tossCoin({ p }: { readonly p: number }, random: Random): boolean {
  return random.next() < p;
}

/** Torchvision's fill as a colour: one grey stands for all three channels. */
export function toColor(fill: Fill): Color {
  return typeof fill === 'number' ? [fill, fill, fill] : fill;
}

/** Torchvision's size of a crop: one number is a square, two are height and width. */
export function toCropSize(size: ResolvedSize): ImageSize {
  return typeof size === 'number' ? { width: size, height: size } : { width: size[1], height: size[0] };
}

/** One number for both, or two as they are. */
export function toPair(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** A number drawn uniformly between two ends. Throws an AppError naming the parameter whose ends are the wrong way round. */
export function drawBetween(random: Random, [low, high]: readonly [number, number], field: string): number {
  if (low > high) throw new AppError('bad-input', say('rangeReversed', { field, low, high }));
  return random.uniform(low, high);
}

/** Refuses a kernel that reaches beyond the picture's mirrored border, as torch does. */
export function checkKernel([across, down]: readonly [number, number], { width, height }: ImageSize): void {
  if ((across - 1) / 2 < width && (down - 1) / 2 < height) return;
  throw new AppError('bad-input', say('kernelTooLarge', { across, down, width, height }));
}
