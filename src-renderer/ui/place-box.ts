/** A rectangle in pixels: [left, top, width, height]. */
type Box = readonly [number, number, number, number];

/** Where a part of a picture lies on the whole of it, as lengths for CSS. */
export function placeBox(
  [left, top, width, height]: Box,
  whole: { readonly width: number; readonly height: number },
): { readonly left: string; readonly top: string; readonly width: string; readonly height: string } {
  const percent = (part: number, side: number): string => `${String((part / side) * 100)}%`;
  return {
    left: percent(left, whole.width),
    top: percent(top, whole.height),
    width: percent(width, whole.width),
    height: percent(height, whole.height),
  };
}
