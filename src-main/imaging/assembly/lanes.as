/** Two numbers in turn, four times. */
// @ts-ignore: decorator
@inline
export function pair(a: i16, b: i16): v128 {
  return i16x8(a, b, a, b, a, b, a, b);
}

/** Red of four pixels that lie interleaved in 12 bytes, as 32-bit numbers. */
// @ts-ignore: decorator
@inline
export function redOf(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
}

// @ts-ignore: decorator
@inline
export function greenOf(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
}

// @ts-ignore: decorator
@inline
export function blueOf(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
}

/** The opposite, of numbers 0 … 255; the last 4 bytes are 0. */
// @ts-ignore: decorator
@inline
export function interleave(red: v128, green: v128, blue: v128): v128 {
  const mixed = v128.or(red, v128.or(i32x4.shl(green, 8), i32x4.shl(blue, 16)));
  return i8x16.swizzle(mixed, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
}
