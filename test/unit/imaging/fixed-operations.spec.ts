import { describe, expect, it } from 'vitest';
import { runOperation } from '../../../src-main/imaging/fixed-operations.ts';
import type { OperationName } from '../../../src-main/imaging/fixed-operations.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';

const image: RgbImage = {
  width: 2,
  height: 2,
  data: Uint8Array.from([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]),
};

function pixelsOf(name: OperationName, parameters: unknown, of = image): readonly number[] {
  const value = runOperation(name, parameters, of);
  if (value.type !== 'picture') throw new Error('Expected a picture');
  return [...value.image.data];
}

describe('an operation with fixed parameters', () => {
  it.each<readonly [OperationName, unknown, RegExp]>([
    ['gaussian_blur', { kernel_size: 2, sigma: 1 }, /an odd number/],
    ['gaussian_blur', { kernel_size: 5, sigma: 1 }, /kernel of less than 5.*width.*5/],
    ['gaussian_blur', { kernel_size: 3, sigma: 0 }, /sigma/],
    ['posterize', { bits: 9 }, /bits/],
    [
      'perspective',
      {
        startpoints: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
        endpoints: [
          [0, 0],
          [1, 1],
          [2, 2],
          [3, 3],
        ],
      },
      /no three on a line/,
    ],
  ])('names what is wrong with %s %j', (name, parameters, reason) => {
    expect(() => runOperation(name, parameters, image)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringMatching(reason) as string }) as Error,
    );
  });

  it('leaves a picture alone where there is nothing to do', () => {
    const flat: RgbImage = { width: 2, height: 1, data: new Uint8Array(6).fill(7) };
    expect(pixelsOf('autocontrast', {}, flat)).toEqual([...flat.data]);
    expect(pixelsOf('equalize', {}, flat)).toEqual([...flat.data]);
    expect(pixelsOf('posterize', { bits: 8 })).toEqual([...image.data]);
    expect(pixelsOf('solarize', { threshold: 256 })).toEqual([...image.data]);
    expect(pixelsOf('adjust_sharpness', { factor: 1 })).toEqual([...image.data]);
    expect(pixelsOf('affine', { angle: 0, translate: [0, 0], scale: 1, shear: [0, 0] })).toEqual([...image.data]);
  });

  it('keeps no bit, inverts all, and moves what it is told to move', () => {
    expect(pixelsOf('posterize', { bits: 0 })).toEqual(new Array(12).fill(0));
    expect(pixelsOf('solarize', { threshold: 0 })).toEqual(pixelsOf('invert', {}));
    expect(pixelsOf('affine', { angle: 0, translate: [1, 0], scale: 1, shear: [0, 0], fill: 5 })).toEqual([
      ...[5, 5, 5, 10, 20, 30],
      ...[5, 5, 5, 70, 80, 90],
    ]);
  });
});
