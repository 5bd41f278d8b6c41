import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';

/** A place in the matrix: indices of the true and of the predicted class. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
}

/** Images of one class that were taken for another. */
export interface ConfusedPair {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
  /** Images of the label in all. */
  readonly support: number;
  /** Images of the other class that were taken for this one. */
  readonly otherWay: number;
}

/** Up to here every cell is a button of its own; beyond, a map leads to a cut. */
export const mostWholeClasses = 30;
/** Rows and columns of the cut. */
export const cutClasses = 16;

const keySteps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The step of the ramp, 0 … 6, for a cell that holds `share` of its row; the faintest still shows. */
export function toneOf(share: number): number {
  if (share <= 0) return 0;
  return Math.min(6, 1 + Math.floor(share * 5.999));
}

/** The pairs that were mixed up, most often first; equal ones in the order of the classes. */
export function confusedPairs({ confusion, perClass }: Evaluation): readonly ConfusedPair[] {
  const pairs = confusion.flatMap((counts, label) =>
    counts.flatMap((count, predicted): readonly ConfusedPair[] => {
      if (count === 0 || label === predicted) return [];
      const otherWay = confusion[predicted]?.[label] ?? 0;
      return [{ label, predicted, count, support: perClass[label]?.support ?? 0, otherWay }];
    }),
  );
  return pairs.sort((a, b) => b.count - a.count);
}

/**
 * The classes in an order that puts those that are mixed up next to each other, so that the map shows groups.
 *
 * Single linkage: the most confused pair joins first, and each group stays in one piece from then on.
 */
export function orderAlike(pairs: readonly ConfusedPair[], classCount: number): readonly number[] {
  const groups: (readonly number[])[] = Array.from({ length: classCount }, (_, index) => [index]);
  const mixed = pairs.filter(
    ({ label, predicted, count, otherWay }) =>
      // Both ways count together, once.
      otherWay === 0 || count > otherWay || (count === otherWay && label < predicted),
  );
  for (const { label, predicted } of mixed.toSorted((a, b) => b.count + b.otherWay - a.count - a.otherWay)) {
    const first = groups[label] ?? [];
    const second = groups[predicted] ?? [];
    if (first === second) continue;
    const joined = [...first, ...second];
    for (const index of joined) groups[index] = joined;
  }
  return [...new Set(groups)].flat();
}

/** Where an arrow key leads from a cell, classes in this order, ten at a time with Shift; null for any other key. */
export function moveInMatrix(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  { row, column }: MatrixCell,
  order: readonly number[],
): MatrixCell | null {
  const step = keySteps[key];
  if (!step) return null;
  const by = (from: number, direction: number): number => {
    const to = order.indexOf(from) + direction * (shiftKey ? 10 : 1);
    return order[Math.min(order.length - 1, Math.max(0, to))] ?? from;
  };
  return { row: by(row, step[0]), column: by(column, step[1]) };
}

/** The first of `size` places that show `at`, as near to the present first one as can be. */
export function windowStart(start: number, at: number, { size, count }: { size: number; count: number }): number {
  return Math.max(0, Math.min(count - size, Math.min(at, Math.max(start, at - size + 1))));
}
