/** Nine significant digits are what it takes to bring every float32 back to the same bits. */
export function toDecimals(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(9)));
}
