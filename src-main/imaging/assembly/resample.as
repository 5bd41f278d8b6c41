/**
 * Pillow's fixed-point resampling. A weight of 22 bits behind the point comes in two parts of 16 bits, high · 2048 + low, so that two taps are
 * multiplied and summed by one instruction; a group of two taps is the pair of high parts and the pair of low parts.
 */

const PRECISION: i32 = 22;
const LOW_BITS: i32 = 11;

/** Two of the pixels that lie at an address, as pairs of red, of green and of blue. */
// @ts-ignore: decorator
@inline
function nearOf(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}

/** The next two. */
// @ts-ignore: decorator
@inline
function farOf(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
}

// @ts-ignore: decorator
@inline
function weigh(pixels: v128, near: v128, far: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(nearOf(pixels), near), i32x4.dot_i16x8_s(farOf(pixels), far));
}

/**
 * Changes the width of `rows` rows, four at a time. Of each output pixel `starts` has the first pixel that it reads, `weights` so many groups; their
 * number is even.
 */
export function resampleRows(
  source: usize, sourceStride: usize, rows: i32, target: usize, width: i32, starts: usize, weights: usize, groups: i32,
): void {
  const half = i32x4.splat(1 << (PRECISION - 1));
  const none = i64x2.splat(0);
  const rowBytes: usize = width * 3;
  let y = 0;
  for (; y + 4 <= rows; y += 4, source += sourceStride << 2, target += rowBytes << 2) {
    let weight = weights;
    let to = target;
    for (let x = 0; x < width; x++, to += 3) {
      let from = source + load<i32>(starts + (x << 2)) * 3;
      let high0 = none;
      let high1 = none;
      let high2 = none;
      let high3 = none;
      let low0 = half;
      let low1 = half;
      let low2 = half;
      let low3 = half;
      for (let group = 0; group < groups; group += 2, from += 12, weight += 16) {
        const pixels0 = v128.load(from);
        const pixels1 = v128.load(from + sourceStride);
        const pixels2 = v128.load(from + (sourceStride << 1));
        const pixels3 = v128.load(from + sourceStride * 3);
        const nearHigh = v128.load32_splat(weight);
        const farHigh = v128.load32_splat(weight, 8);
        high0 = i32x4.add(high0, weigh(pixels0, nearHigh, farHigh));
        high1 = i32x4.add(high1, weigh(pixels1, nearHigh, farHigh));
        high2 = i32x4.add(high2, weigh(pixels2, nearHigh, farHigh));
        high3 = i32x4.add(high3, weigh(pixels3, nearHigh, farHigh));
        const nearLow = v128.load32_splat(weight, 4);
        const farLow = v128.load32_splat(weight, 12);
        low0 = i32x4.add(low0, weigh(pixels0, nearLow, farLow));
        low1 = i32x4.add(low1, weigh(pixels1, nearLow, farLow));
        low2 = i32x4.add(low2, weigh(pixels2, nearLow, farLow));
        low3 = i32x4.add(low3, weigh(pixels3, nearLow, farLow));
      }
      const bytes = i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(sumOf(high0, low0), sumOf(high1, low1)),
        i16x8.narrow_i32x4_s(sumOf(high2, low2), sumOf(high3, low3)),
      );
      const to2 = to + (rowBytes << 1);
      if (x + 1 < width) {
        // The fourth byte is the next pixel's.
        v128.store32_lane(to, bytes, 0);
        v128.store32_lane(to + rowBytes, bytes, 1);
        v128.store32_lane(to2, bytes, 2);
        v128.store32_lane(to2 + rowBytes, bytes, 3);
      } else {
        v128.store16_lane(to, bytes, 0);
        v128.store8_lane(to, bytes, 2, 2);
        v128.store16_lane(to + rowBytes, bytes, 2);
        v128.store8_lane(to + rowBytes, bytes, 6, 2);
        v128.store16_lane(to2, bytes, 4);
        v128.store8_lane(to2, bytes, 10, 2);
        v128.store16_lane(to2 + rowBytes, bytes, 6);
        v128.store8_lane(to2 + rowBytes, bytes, 14, 2);
      }
    }
  }
  for (; y < rows; y++, source += sourceStride) {
    let weight = weights;
    for (let x = 0; x < width; x++, target += 3) {
      let from = source + load<i32>(starts + (x << 2)) * 3;
      let high = none;
      let low = half;
      for (let group = 0; group < groups; group += 2, from += 12, weight += 16) {
        const pixels = v128.load(from);
        high = i32x4.add(high, weigh(pixels, v128.load32_splat(weight), v128.load32_splat(weight, 8)));
        low = i32x4.add(low, weigh(pixels, v128.load32_splat(weight, 4), v128.load32_splat(weight, 12)));
      }
      v128.store32_lane(target, toBytes(high, low), 0);
    }
  }
}

// @ts-ignore: decorator
@inline
function toBytes(high: v128, low: v128): v128 {
  const sums = i32x4.shr_s(i32x4.add(i32x4.shl(high, LOW_BITS), low), PRECISION);
  const words = i16x8.narrow_i32x4_s(sums, sums);
  return i8x16.narrow_i16x8_u(words, words);
}

/** Changes the height: `rows` rows of `count` bytes; of each `starts` has the first row that it reads. No row from `inputRows` on is read. */
export function resampleColumns(
  source: usize, count: usize, inputRows: i32, target: usize, rows: i32, starts: usize, weights: usize, groups: i32,
): void {
  const half = i32x4.splat(1 << (PRECISION - 1));
  const none = i64x2.splat(0);
  for (let y = 0; y < rows; y++, target += count, weights += groups << 3) {
    const start = load<i32>(starts + (y << 2));
    for (let x: usize = 0; x < count; x += 16) {
      let high0 = none;
      let high1 = none;
      let high2 = none;
      let high3 = none;
      let low0 = half;
      let low1 = half;
      let low2 = half;
      let low3 = half;
      for (let group = 0; group < groups; group++) {
        // Rows behind the last one have no weight.
        const upper = min(start + (group << 1), inputRows - 1);
        const lower = min(upper + 1, inputRows - 1);
        const a = v128.load(source + upper * count + x);
        const b = v128.load(source + lower * count + x);
        const ab = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const cd = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const highWeight = v128.load32_splat(weights + (group << 3));
        const lowWeight = v128.load32_splat(weights + (group << 3), 4);
        const p0 = i16x8.extend_low_i8x16_u(ab);
        const p1 = i16x8.extend_high_i8x16_u(ab);
        const p2 = i16x8.extend_low_i8x16_u(cd);
        const p3 = i16x8.extend_high_i8x16_u(cd);
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(p0, highWeight));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(p1, highWeight));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(p2, highWeight));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(p3, highWeight));
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(p0, lowWeight));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(p1, lowWeight));
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(p2, lowWeight));
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(p3, lowWeight));
      }
      v128.store(target + x, i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(sumOf(high0, low0), sumOf(high1, low1)),
        i16x8.narrow_i32x4_s(sumOf(high2, low2), sumOf(high3, low3)),
      ));
    }
  }
}

// @ts-ignore: decorator
@inline
function sumOf(high: v128, low: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shl(high, LOW_BITS), low), PRECISION);
}

/** Mirrors rows of `width` pixels, five at a time. */
export function mirrorRows(source: usize, width: i32, rows: i32, target: usize): void {
  const order = i8x16(13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, -1);
  const rowBytes = width * 3;
  for (let y = 0; y < rows; y++, source += rowBytes) {
    let from = source + rowBytes;
    let left = width;
    // One byte before the five pixels is loaded with them, which would lie before the memory for none but the first.
    for (; left >= 6; left -= 5, from -= 15, target += 15) v128.store(target, i8x16.swizzle(v128.load(from - 16), order));
    for (; left > 0; left--, from -= 3, target += 3) {
      store<u16>(target, load<u16>(from - 3));
      store<u8>(target + 2, load<u8>(from - 1));
    }
  }
}
