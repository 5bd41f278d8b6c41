import { blueOf, greenOf, interleave, redOf } from "./lanes";

/**
 * Colour adjustments of interleaved RGB, four pixels at a time: source and target are apart, and 16 bytes behind both may be touched. The
 * arithmetic is that of the kernels in TypeScript, which follow Pillow's down to the width of each intermediate number.
 */

// @ts-ignore: decorator
@inline
function luminance(red: v128, green: v128, blue: v128): v128 {
  const sum = i32x4.add(
    i32x4.add(i32x4.mul(red, i32x4.splat(19595)), i32x4.mul(green, i32x4.splat(38470))),
    i32x4.add(i32x4.mul(blue, i32x4.splat(7471)), i32x4.splat(0x8000)),
  );
  return i32x4.shr_u(sum, 16);
}

/** Each byte as a table of 256 has it. */
export function mapBytes(source: usize, target: usize, count: usize, table: usize): void {
  for (let at: usize = 0; at < count; at += 4) {
    const bytes = load<u32>(source + at);
    const low = <u32>load<u8>(table + (bytes & 255)) | (<u32>load<u8>(table + ((bytes >> 8) & 255)) << 8);
    const high = <u32>load<u8>(table + ((bytes >> 16) & 255)) | (<u32>load<u8>(table + (bytes >> 24)) << 8);
    store<u32>(target + at, low | (high << 16));
  }
}

/** The luminances of so many pixels, summed up. */
export function sumLuminance(source: usize, pixels: i32): f64 {
  let sums = i64x2.splat(0);
  let at = 0;
  for (; at + 4 <= pixels; at += 4, source += 12) {
    const four = v128.load(source);
    sums = i32x4.add(sums, luminance(redOf(four), greenOf(four), blueOf(four)));
  }
  let sum = <f64>(<u32>i32x4.extract_lane(sums, 0)) + <f64>(<u32>i32x4.extract_lane(sums, 1));
  sum += <f64>(<u32>i32x4.extract_lane(sums, 2)) + <f64>(<u32>i32x4.extract_lane(sums, 3));
  for (; at < pixels; at++, source += 3) {
    sum += <f64>((<u32>load<u8>(source) * 19595 + <u32>load<u8>(source + 1) * 38470 + <u32>load<u8>(source + 2) * 7471 + 0x8000) >> 16);
  }
  return sum;
}

/** Each pixel's luminance, three times. */
export function makeGray(source: usize, target: usize, pixels: i32): void {
  for (let at = 0; at < pixels; at += 4, source += 12, target += 12) {
    const four = v128.load(source);
    const level = luminance(redOf(four), greenOf(four), blueOf(four));
    v128.store(target, interleave(level, level, level));
  }
}

// @ts-ignore: decorator
@inline
function blendLane(value: v128, level: v128, factor: v128): v128 {
  const moved = f32x4.add(level, f32x4.mul(factor, f32x4.sub(f32x4.convert_i32x4_s(value), level)));
  return i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(moved, f32x4.splat(0)), f32x4.splat(255)));
}

/** Drives each pixel away from its luminance, or towards it. */
export function changeSaturation(source: usize, target: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let at = 0; at < pixels; at += 4, source += 12, target += 12) {
    const four = v128.load(source);
    const red = redOf(four);
    const green = greenOf(four);
    const blue = blueOf(four);
    const level = f32x4.convert_i32x4_s(luminance(red, green, blue));
    v128.store(target, interleave(blendLane(red, level, factors), blendLane(green, level, factors), blendLane(blue, level, factors)));
  }
}

/** The lower or upper two of four numbers in double precision. */
// @ts-ignore: decorator
@inline
function upper(four: v128): v128 {
  return i64x2.shuffle(four, four, 1, 1);
}

/** trunc(four · 255), multiplied in double precision. */
// @ts-ignore: decorator
@inline
function timesByte(four: v128): v128 {
  const most = f64x2.splat(255);
  return i64x2.shuffle(
    i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.promote_low_f32x4(four), most)),
    i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.promote_low_f32x4(upper(four)), most)),
    0, 2,
  );
}

/** (hue / 6 + 1) modulo 1, in double precision and back to single; of two. */
// @ts-ignore: decorator
@inline
function wrapHue(two: v128): v128 {
  const turned = f64x2.add(f64x2.div(f64x2.promote_low_f32x4(two), f64x2.splat(6)), f64x2.splat(1));
  return f32x4.demote_f64x2_zero(f64x2.sub(turned, f64x2.trunc(turned)));
}

/** floor(value · (1 − share) + 0.5) of two, in double precision. */
// @ts-ignore: decorator
@inline
function dim(value: v128, share: v128): v128 {
  const level = f64x2.mul(value, f64x2.sub(f64x2.splat(1), share));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.add(level, f64x2.splat(0.5))));
}

// @ts-ignore: decorator
@inline
function four(low: v128, high: v128): v128 {
  return i32x4.min_s(i64x2.shuffle(low, high, 0, 2), i32x4.splat(255));
}

/**
 * Turns every colour along the colour circle by so many of 255 steps. `sectors` has for each hue byte the sector, 0 … 5, and `fractions` how far
 * into it, both in 32 bits; `strengths` has the saturation bytes as fractions.
 */
export function turnHue(source: usize, target: usize, pixels: i32, shift: i32, sectors: usize, fractions: usize, strengths: usize): void {
  const one = f64x2.splat(1);
  for (let at = 0; at < pixels; at += 4, source += 12, target += 12) {
    const all = v128.load(source);
    const red = redOf(all);
    const green = greenOf(all);
    const blue = blueOf(all);
    const high = i32x4.max_s(i32x4.max_s(red, green), blue);
    const range = i32x4.sub(high, i32x4.min_s(i32x4.min_s(red, green), blue));
    const ranges = f32x4.convert_i32x4_s(range);
    const highs = f32x4.convert_i32x4_s(high);
    // Grey divides 0 by 0, which counts as 0 once it is a whole number.
    const saturation = timesByte(f32x4.div(ranges, highs));
    const redShare = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(high, red)), ranges);
    const greenShare = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(high, green)), ranges);
    const blueShare = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(high, blue)), ranges);
    const isRed = i32x4.eq(red, high);
    const isGreen = v128.andnot(i32x4.eq(green, high), isRed);
    const isBlue = v128.not(v128.or(isRed, isGreen));
    const base = v128.or(v128.and(isGreen, f32x4.splat(2)), v128.and(isBlue, f32x4.splat(4)));
    const plus = v128.bitselect(blueShare, v128.bitselect(redShare, greenShare, isGreen), isRed);
    const minus = v128.bitselect(greenShare, v128.bitselect(blueShare, redShare, isGreen), isRed);
    const hues = i64x2.shuffle(sumThree(base, plus, minus), sumThree(upper(base), upper(plus), upper(minus)), 0, 2);
    const turns = i64x2.shuffle(wrapHue(hues), wrapHue(upper(hues)), 0, 2);
    const hue = v128.and(i32x4.add(timesByte(turns), i32x4.splat(shift)), i32x4.splat(255));
    const sector = gather(sectors, hue);
    const fraction = gather(fractions, hue);
    const strength = gather(strengths, saturation);
    const low = pairsOf(highs, strength);
    const falling = pairsOf(highs, f32x4.mul(strength, fraction));
    const rising = four(
      dim(f64x2.promote_low_f32x4(highs), f64x2.mul(f64x2.promote_low_f32x4(strength), f64x2.sub(one, f64x2.promote_low_f32x4(fraction)))),
      dim(
        f64x2.promote_low_f32x4(upper(highs)),
        f64x2.mul(f64x2.promote_low_f32x4(upper(strength)), f64x2.sub(one, f64x2.promote_low_f32x4(upper(fraction)))),
      ),
    );
    const is0 = i32x4.eq(sector, i32x4.splat(0));
    const is1 = i32x4.eq(sector, i32x4.splat(1));
    const is2 = i32x4.eq(sector, i32x4.splat(2));
    const is3 = i32x4.eq(sector, i32x4.splat(3));
    const is4 = i32x4.eq(sector, i32x4.splat(4));
    const is5 = i32x4.eq(sector, i32x4.splat(5));
    const colorful = i32x4.ne(saturation, i64x2.splat(0));
    v128.store(target, interleave(
      pick(high, falling, rising, low, v128.or(is0, is5), is1, is4, colorful),
      pick(high, falling, rising, low, v128.or(is1, is2), is3, is0, colorful),
      pick(high, falling, rising, low, v128.or(is3, is4), is5, is2, colorful),
    ));
  }
}

/** base + plus − minus of two, summed in double precision. */
// @ts-ignore: decorator
@inline
function sumThree(base: v128, plus: v128, minus: v128): v128 {
  const sum = f64x2.add(f64x2.promote_low_f32x4(base), f64x2.promote_low_f32x4(plus));
  return f32x4.demote_f64x2_zero(f64x2.sub(sum, f64x2.promote_low_f32x4(minus)));
}

// @ts-ignore: decorator
@inline
function pairsOf(values: v128, shares: v128): v128 {
  return four(
    dim(f64x2.promote_low_f32x4(values), f64x2.promote_low_f32x4(shares)),
    dim(f64x2.promote_low_f32x4(upper(values)), f64x2.promote_low_f32x4(upper(shares))),
  );
}

/** The 32 bits at each of four places of a table; grey, whose hue is no number, finds the first. */
// @ts-ignore: decorator
@inline
function gather(table: usize, places: v128): v128 {
  const at = i32x4.shl(places, 2);
  let found = v128.load32_zero(table + i32x4.extract_lane(at, 0));
  found = v128.load32_lane(table + i32x4.extract_lane(at, 1), found, 1);
  found = v128.load32_lane(table + i32x4.extract_lane(at, 2), found, 2);
  return v128.load32_lane(table + i32x4.extract_lane(at, 3), found, 3);
}

// @ts-ignore: decorator
@inline
function pick(
  high: v128, falling: v128, rising: v128, low: v128, isHigh: v128, isFalling: v128, isRising: v128, isColorful: v128,
): v128 {
  const mixed = v128.bitselect(falling, v128.bitselect(rising, low, isRising), isFalling);
  return v128.bitselect(v128.bitselect(high, mixed, isHigh), high, isColorful);
}
