import { exportTolerance, type Certificate } from '../../../src-shared/domain/export.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { argmax } from '../../../src-shared/lib/argmax.ts';

/** What app and export say about one image: one probability a class each. */
export interface CheckedImage {
  readonly imageId: ImageId;
  readonly expected: readonly number[];
  readonly exported: readonly number[];
}

export type CertificateFacts = Pick<
  Certificate,
  'format' | 'checkedWith' | 'preprocessing' | 'secondsPerImage' | 'checkedAt'
>;

/** Compares app and export. Not passed without images, or where any number is missing or not one. */
export function certify(checked: readonly CheckedImage[], facts: CertificateFacts): Certificate {
  const judged = checked.map(({ imageId, expected, exported }) => {
    const differences = differencesOf(expected, exported);
    return {
      imageId,
      difference: Math.max(0, ...differences),
      total: differences.reduce((sum, difference) => sum + difference, 0),
      count: differences.length,
      isSameTop1: argmax(expected) === argmax(exported),
    };
  });
  const sum = (value: (one: (typeof judged)[number]) => number): number =>
    judged.reduce((all, one) => all + value(one), 0);
  const maxDifference = Math.max(0, ...judged.map(({ difference }) => difference));
  const top1Agreement = sum(({ isSameTop1 }) => Number(isSameTop1)) / Math.max(1, judged.length);
  return {
    ...facts,
    imageCount: judged.length,
    maxDifference,
    meanDifference:
      sum(({ total }) => total) /
      Math.max(
        1,
        sum(({ count }) => count),
      ),
    top1Agreement,
    tolerance: exportTolerance,
    isPassed:
      judged.length > 0 &&
      maxDifference <= exportTolerance &&
      top1Agreement === 1 &&
      facts.preprocessing?.isPassed !== false,
    images: judged
      .map(({ imageId, difference, isSameTop1 }) => ({ imageId, difference, isSameTop1 }))
      .sort((a, b) => b.difference - a.difference),
  };
}

/** A probability that is missing on one side, or no number, differs by 1: as much as probabilities can. */
function differencesOf(expected: readonly number[], exported: readonly number[]): readonly number[] {
  const longer = expected.length > exported.length ? expected : exported;
  return longer.map((_, index) => {
    const difference = Math.abs((expected[index] ?? Number.NaN) - (exported[index] ?? Number.NaN));
    return Number.isNaN(difference) ? 1 : difference;
  });
}
