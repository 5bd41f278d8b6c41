/** Cuts a list into rows. */
export function chunk<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, row) => items.slice(row * size, (row + 1) * size));
}

interface GridPlace {
  /** −1 when nothing has the focus. */
  readonly index: number;
  readonly count: number;
  readonly columns: number;
  readonly perPage: number;
}

/** Where a key leads in a grid read row by row; null when it is no key of a grid. Stops at the ends. */
export function moveInGrid(key: string, { index, count, columns, perPage }: GridPlace): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -perPage,
    PageDown: perPage,
  };
  if (count === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  if (index === -1) return 0;
  const to = index + step;
  if (to >= 0 && to < count) return to;
  // Down from a full row above a shorter last one leads to its end; up from the first row stays.
  if (step > 1) return Math.floor(index / columns) < Math.floor((count - 1) / columns) ? count - 1 : index;
  if (step < -1 && Math.abs(step) > columns) return index % columns;
  return index;
}
