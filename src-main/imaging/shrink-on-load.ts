import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { isContainer, isRandomKind } from '../../src-shared/domain/pipeline/steps.ts';
import { decodeImage, useDecodedImage } from './decode.ts';
import { cutSteps } from './kept-steps.ts';
import type { Halvings } from './jpeg/decode-jpeg.ts';
import { resizedSize } from './kernels/resized-size.ts';
import type { ImageSize, RgbImage } from './kernels/rgb-image.ts';

/** A decoded picture, and the steps for it. */
export interface DecodedFor {
  readonly image: RgbImage;
  /** Those that were asked for; where the picture was decoded smaller, `Resize` has the size that it would have made of the whole one. */
  readonly steps: readonly ResolvedStep[];
  /** Of the whole picture. */
  readonly fullSize: ImageSize;
  /** How often its sides were to be halved, and whether the file could be decoded so; where nothing was to be halved it could. */
  readonly wantedHalvings: Halvings;
  readonly isShrunk: boolean;
}

/**
 * After shrinking on load the picture still has at least so many times the sides that `Resize` makes: the result then differs by 0.3 grey
 * levels in the mean from that of the whole picture, with two times by up to 1.7.
 */
const leastReserve = 3;

/**
 * Decodes a picture for a list of steps: smaller where the list draws, so that it is one for training, where `Resize` is the first step that
 * is more than a coin, and where enough is left for it. Lists that draw nothing (evaluation, prediction, export) get every pixel.
 */
export async function decodeForSteps(source: Uint8Array | string, steps: readonly ResolvedStep[]): Promise<DecodedFor> {
  const plan = planFor(steps);
  return plan.finish(await decodeImage(source, plan.chooseHalvings));
}

/** The same for `use` alone, without copies in between: see `useDecodedImage`. */
export async function useForSteps<T>(
  source: Uint8Array | string,
  steps: readonly ResolvedStep[],
  use: (decoded: DecodedFor) => T,
): Promise<T> {
  const plan = planFor(steps);
  return useDecodedImage(source, plan.chooseHalvings, (image) => use(plan.finish(image)));
}

function planFor(steps: readonly ResolvedStep[]) {
  const asked: { size?: ImageSize } = {};
  const chooseHalvings = (size: ImageSize): Halvings => {
    asked.size = size;
    return planDecoding(steps, size).halvings;
  };
  const finish = (image: RgbImage): DecodedFor => {
    const fullSize = asked.size ?? { width: image.width, height: image.height };
    const plan = planDecoding(steps, fullSize);
    const { halvings } = plan;
    // A file that turned out to be another kind of JPEG is decoded in full after all.
    const isShrunk = image.width === fullSize.width / 2 ** halvings;
    return { image, fullSize, wantedHalvings: halvings, isShrunk, steps: isShrunk ? plan.steps : steps };
  };
  return { chooseHalvings, finish };
}

/** The same picture for other steps, where they would be given it; null where it has to be decoded again. */
export function reuseForSteps(decoded: DecodedFor, steps: readonly ResolvedStep[]): DecodedFor | null {
  const plan = planDecoding(steps, decoded.fullSize);
  if (plan.halvings !== decoded.wantedHalvings) return null;
  return { ...decoded, steps: decoded.isShrunk ? plan.steps : steps };
}

/** True where `decodeForSteps` may decode large JPEGs smaller. */
export function mayShrinkOnLoad(steps: readonly ResolvedStep[]): boolean {
  return findResize(steps) !== null && steps.some(draws);
}

interface Plan {
  readonly halvings: Halvings;
  readonly steps: readonly ResolvedStep[];
}

/** How often the sides of a picture of this size may be halved for these steps, and the steps for the smaller picture. */
export function planDecoding(steps: readonly ResolvedStep[], from: ImageSize): Plan {
  const resize = mayShrinkOnLoad(steps) ? findResize(steps) : null;
  if (!resize) return { halvings: 0, steps };
  const { size, max_size: maxSize } = resize.parameters;
  const target = resizedSize(from, typeof size === 'number' ? [size] : size, maxSize);
  // A side that does not divide would come out up to a pixel too long, which moves what is at its end.
  const fits = (side: number, wanted: number, parts: number): boolean =>
    side % parts === 0 && side / parts >= leastReserve * wanted;
  const isEnough = (halvings: Halvings): boolean =>
    fits(from.width, target.width, 2 ** halvings) && fits(from.height, target.height, 2 ** halvings);
  const halvings = ([3, 2, 1] as const).find(isEnough) ?? 0;
  if (halvings === 0) return { halvings, steps };
  const exact = {
    ...resize,
    parameters: { ...resize.parameters, size: [target.height, target.width] as const, max_size: null },
  };
  return { halvings, steps: steps.map((step) => (step === resize ? exact : step)) };
}

type ResizeStep = Extract<ResolvedStep, { readonly kind: 'Resize' }>;

/** The first step if it is `Resize` and not by the nearest pixel; a few flips and grey before it change nothing of that. */
function findResize(steps: readonly ResolvedStep[]): ResizeStep | null {
  const first = cutSteps(steps).kept.find(({ kind }) => !passedOver.has(kind));
  return first?.kind === 'Resize' && first.parameters.interpolation !== 'nearest' ? first : null;
}

const passedOver: ReadonlySet<string> = new Set([
  'RandomHorizontalFlip',
  'RandomVerticalFlip',
  'RandomGrayscale',
  'Grayscale',
]);

function draws(step: ResolvedStep): boolean {
  return isRandomKind(step.kind) || (isContainer(step) && step.steps.some(draws));
}
