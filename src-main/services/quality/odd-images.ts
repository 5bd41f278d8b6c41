import type { CheckId } from '../../../src-shared/domain/quality.ts';
import type { MeasuredImage } from '../../storage/quality-rows.ts';

export type OddKind = Extract<CheckId, 'dark' | 'overexposed' | 'blurred' | 'tiny' | 'huge' | 'odd-shape' | 'grey'>;

/** Nothing in a dark picture is lighter than this luma; nothing in an overexposed one darker (CleanVision has 0.32 and about as much). */
const darkBelow = 0.3;
const overexposedAbove = 0.94;
/** Of the middle picture's sharpness; and squared grey levels of a variance of the Laplacian below which less is asked. */
const blurredShare = 0.08;
const softShare = 0.3;
const softBelow = 30;
/** In pixels of the whole picture: so many times fewer or more than the middle one. */
const sizeFactor = 16;
const tinySidePx = 32;
const longShape = 3;
/** Greys are odd only where most pictures have colours. */
const colorlessBelow = 2;
const greyShare = 0.2;

/**
 * Finds the images that stand out from the others of their dataset: what is odd among photographs is usual among scans, so most limits are
 * relative to the middle of all. Images that were not looked at can only be tiny, huge or of an odd shape.
 */
export function findOddImages(images: readonly MeasuredImage[]): ReadonlyMap<OddKind, readonly MeasuredImage[]> {
  const pixels = median(images.map(({ width, height }) => width * height));
  const side = median(images.map(shortSide));
  const shape = median(images.map(shapeOf));
  const edges = median(images.flatMap((image) => edgeShare(image) ?? []));
  const greys = images.filter(({ colorfulness }) => colorfulness !== null && colorfulness < colorlessBelow);
  const few = images.filter(({ hash }) => hash !== null).length * greyShare;
  const kinds: Readonly<Record<OddKind, (image: MeasuredImage) => boolean>> = {
    dark: ({ highlight }) => highlight !== null && highlight < darkBelow,
    overexposed: ({ shadow }) => shadow !== null && shadow > overexposedAbove,
    blurred: (image) => {
      const share = edgeShare(image);
      if (share === null || image.sharpness === null) return false;
      return share < (image.sharpness < softBelow ? softShare : blurredShare) * edges;
    },
    tiny: (image) =>
      image.width * image.height * sizeFactor < pixels || (side >= 2 * tinySidePx && shortSide(image) < tinySidePx),
    huge: (image) => image.width * image.height > pixels * sizeFactor,
    'odd-shape': (image) => shapeOf(image) > Math.max(longShape, 2 * shape),
    grey: (image) => greys.length < few && image.colorfulness !== null && image.colorfulness < colorlessBelow,
  };
  return new Map(
    Object.entries(kinds).map(([kind, isOdd]) => [kind as OddKind, images.filter((image) => isOdd(image))]),
  );
}

/** Sharpness in variances of luma, so that a dark or faint picture is not taken for a blurred one; null where it is not known. */
function edgeShare({ sharpness, contrast }: MeasuredImage): number | null {
  return sharpness === null || contrast === null ? null : sharpness / Math.max(1, (255 * contrast) ** 2);
}

function shortSide({ width, height }: MeasuredImage): number {
  return Math.min(width, height);
}

/** The long side in short sides, 1 for a square. */
function shapeOf({ width, height }: MeasuredImage): number {
  return Math.max(width, height) / Math.min(width, height);
}

/** 0 for nothing. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
