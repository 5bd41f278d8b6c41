import type { BlockColumn } from '../../../src-shared/contract/dataset-stream.ts';

/** One property of all images. Rows are numbers from 0; a column grows when it is told to and never shrinks. */
export interface Column {
  /** Rises whenever a value may have changed; what is computed from a column is good for one version of it. */
  readonly version: number;
  /** Makes room for this many rows. */
  reserve(rowCount: number): void;
  /** Takes the values of a block: its first is that of row `rows[0]`, and so on. */
  write(rows: Uint32Array, column: BlockColumn): void;
}

/** Room to keep when this much is needed: growing by steps would copy everything again and again. */
export function roomFor(needed: number, present: number): number {
  return needed <= present ? present : Math.max(needed, Math.ceil(present * 1.5), 64);
}

/** Stands for an image that the table does not have; what is written there goes nowhere. */
export const absentRow = 0xffff_ffff;
