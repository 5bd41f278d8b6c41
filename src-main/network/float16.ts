/** The nearest IEEE 754 half-precision numbers (ties to even), as their 16-bit patterns. */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, encodeBits);
}

/** The exact single-precision values of half-precision bit patterns. */
export function decodeFloat16(patterns: Uint16Array): Float32Array {
  return Float32Array.from(patterns, decodePattern);
}

function encodeBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  const halfExponent = exponent - 112;
  if (halfExponent >= 31) return sign | 0x7c00;
  if (halfExponent > 0) return sign | roundShift((halfExponent << 23) | mantissa, 13);
  // Below 2^-14 halves are subnormal: the hidden bit becomes visible and everything moves right; below 2^-25 nothing is left.
  return halfExponent < -10 ? sign : sign | roundShift(mantissa | 0x800000, 14 - halfExponent);
}

/** Shifts right and rounds to nearest, ties to even; a carry runs into the exponent, which is what rounding up needs. */
function roundShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

function decodePattern(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >>> 10) & 0x1f;
  const mantissa = pattern & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
