import type { ImageId } from '../../../src-shared/domain/ids.ts';

/** A class under a picture. */
interface GridClass {
  readonly name: string;
  readonly order: number | null;
  readonly share: string;
  /** A prediction, not a label. */
  readonly isHollow: boolean;
}

/** A picture of the grid with what is said of it. */
export interface GridItem {
  readonly imageId: ImageId;
  readonly fileName: string;
  /** All of it in words. */
  readonly words: string;
  readonly lines: readonly GridClass[];
}

/** A line across the grid. */
export interface GridLine {
  /** Index of the first item below it. */
  readonly before: number;
  readonly title: string;
  readonly text: string;
}

/** A row of the grid: items from `start` up to `end`, or the line. */
export type GridRow =
  { readonly kind: 'items'; readonly start: number; readonly end: number } | { readonly kind: 'line' };

/** Rows of so many columns; what comes after the line begins a new row. */
export function layRows(count: number, columns: number, line: GridLine | null): readonly GridRow[] {
  const cut = line ? Math.min(count, line.before) : count;
  const rowsOf = (from: number, to: number): readonly GridRow[] =>
    Array.from({ length: Math.ceil((to - from) / columns) }, (_, row) => ({
      kind: 'items',
      start: from + row * columns,
      end: Math.min(to, from + (row + 1) * columns),
    }));
  return line ? [...rowsOf(0, cut), { kind: 'line' }, ...rowsOf(cut, count)] : rowsOf(0, count);
}
