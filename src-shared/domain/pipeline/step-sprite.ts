import { stepKinds, type StepKind } from './steps.ts';

/** How many tiny pictures stand beside one another in the file that has them all. */
export const spriteColumns = 6;
/** Rows that it takes: the picture before any step, then one a kind. */
export const spriteRows = Math.ceil((stepKinds.length + 1) / spriteColumns);

/** Where the tiny picture of a kind stands, or the one before any step (null): column and row from 0. */
export function spritePlace(kind: StepKind | null): { readonly column: number; readonly row: number } {
  const index = kind === null ? 0 : stepKinds.indexOf(kind) + 1;
  return { column: index % spriteColumns, row: Math.floor(index / spriteColumns) };
}
