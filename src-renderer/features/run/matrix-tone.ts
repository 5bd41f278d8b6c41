/** A place in the matrix: indices of the true and of the predicted class. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
}

/** The step of the ramp, 0 … 6, for a cell that holds `share` of its row; the faintest still shows. */
export function toneOf(share: number): number {
  if (share <= 0) return 0;
  return Math.min(6, 1 + Math.floor(share * 5.999));
}
