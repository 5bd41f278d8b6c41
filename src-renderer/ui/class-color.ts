/** The CSS class that sets `--c` to a class's colour; null is "no label". */
export function classColor(order: number | null): string {
  return order === null ? 'c0' : `c${String((order % 12) + 1)}`;
}
