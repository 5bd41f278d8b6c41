import { describe, expect, it } from 'vitest';
import { decodeFloat16, encodeFloat16 } from '../../../src-main/network/float16.ts';

describe('float16', () => {
  it('gives back every half-precision number bit for bit', () => {
    const patterns = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);
    const numbers = decodeFloat16(patterns);
    const isNumber = (pattern: number): boolean => !Number.isNaN(numbers[pattern]);
    expect(encodeFloat16(numbers).filter((_, index) => isNumber(index))).toEqual(patterns.filter(isNumber));
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [2 ** -25 * 1.01, 0x0001],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 - 2 ** -12, 0x4000],
    [NaN, 0x7e00],
  ])('rounds %d to the nearest, ties to even', (value, pattern) => {
    expect(encodeFloat16(Float32Array.of(value))[0]).toBe(pattern);
  });

  it('agrees with the language where it knows halves', () => {
    const values = Float32Array.from({ length: 4000 }, (_, index) => Math.sin(index * 1.7) * 2 ** ((index % 40) - 26));
    const view = new DataView(new ArrayBuffer(2));
    // Node 24 has it; TypeScript's library for this target does not know it yet.
    const setFloat16: unknown = Reflect.get(view, 'setFloat16');
    if (typeof setFloat16 !== 'function') throw new Error('This test needs Node 24');
    const expected = Array.from(values, (value) => {
      Reflect.apply(setFloat16, view, [0, value]);
      return view.getUint16(0);
    });
    expect(Array.from(encodeFloat16(values))).toEqual(expected);
  });
});
