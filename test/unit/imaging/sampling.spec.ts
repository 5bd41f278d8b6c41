import { describe, expect, test } from 'vitest';
import {
  countEach,
  drawCount,
  draws,
  expectEachPlace,
  expectShare,
  expectUniform,
  numbers,
  tolerance,
} from '../../support/step-draws.ts';

describe('draws as torchvision does', () => {
  test.each(['RandomHorizontalFlip', 'RandomVerticalFlip'] as const)('%s happens with probability p', (kind) => {
    const flips = draws(kind, { p: 0.3 }).filter((facts) => facts['isFlipped'] === true);
    expect(Math.abs(flips.length / drawCount - 0.3)).toBeLessThan(tolerance * 0.5);
    expect(draws(kind, { p: 0 }).some((facts) => facts['isFlipped'] === true)).toBe(false);
    expect(draws(kind, { p: 1 }).every((facts) => facts['isFlipped'] === true)).toBe(true);
  });

  test.each([
    ['RandomGrayscale', {}],
    ['RandomInvert', {}],
    ['RandomAutocontrast', {}],
    ['RandomEqualize', {}],
    ['RandomPosterize', { bits: 3 }],
    ['RandomSolarize', { threshold: 100 }],
    ['RandomAdjustSharpness', { sharpness_factor: 3 }],
    ['RandomPerspective', { distortion_scale: 0.4, interpolation: 'bilinear', fill: 0 }],
    ['RandomErasing', { scale: [0.1, 0.2], ratio: [0.9, 1.1], value: 0 }],
  ] as const)('%s happens with probability p', (kind, parameters) => {
    for (const p of [0, 0.15, 1]) {
      const done = draws(kind, { ...parameters, p }).filter((facts) => Object.values(facts)[0] === true);
      expectShare(done.length, p);
    }
  });

  test('RandomRotation is uniform between −d and d, or between two ends', () => {
    const parameters = { interpolation: 'nearest', expand: false, center: null, fill: 0 } as const;
    expectUniform(numbers(draws('RandomRotation', { ...parameters, degrees: 30 }), 'angle'), -30, 30);
    expectUniform(numbers(draws('RandomRotation', { ...parameters, degrees: [10, 50] }), 'angle'), 10, 50);
  });

  test('RandomCrop reaches every place equally often, the last ones included', () => {
    const facts = draws('RandomCrop', { ...crop, size: 25 });
    expectEachPlace(numbers(facts, 'left'), 0, 15);
    expectEachPlace(numbers(facts, 'top'), 0, 5);
  });

  test('RandomCrop pads both sides by the whole lack', () => {
    const facts = draws('RandomCrop', { ...crop, size: [30, 50], pad_if_needed: true });
    // 40 pixels get 10 on either side, which leaves 11 places for 50 pixels.
    expect(new Set(numbers(facts, 'left')).size).toBe(11);
    expect(new Set(numbers(facts, 'top'))).toEqual(new Set([0]));
  });

  test('ColorJitter is uniform around the picture, never below 0, in all 24 orders equally', () => {
    const facts = draws('ColorJitter', { brightness: 0.4, contrast: 1.5, saturation: [0.5, 0.7], hue: 0.2 });
    expectUniform(numbers(facts, 'brightness'), 0.6, 1.4);
    expectUniform(numbers(facts, 'contrast'), 0, 2.5);
    expectUniform(numbers(facts, 'saturation'), 0.5, 0.7);
    expectUniform(numbers(facts, 'hue'), -0.2, 0.2);
    const orders = countEach(facts.map((fact) => String(fact['order'])));
    expect(orders.size).toBe(24);
    for (const count of orders.values()) expect(Math.abs(count / drawCount - 1 / 24)).toBeLessThan(tolerance / 4);
  });

  test('ColorJitter leaves out what has no strength', () => {
    expect(draws('ColorJitter', { brightness: 0, contrast: 0, saturation: 0, hue: 0 })[0]).toEqual({});
    expect(Object.keys(draws('ColorJitter', { brightness: 0, contrast: 0, saturation: 0, hue: 0.1 })[0] ?? {})).toEqual(
      ['hue'],
    );
  });

  test('RandomResizedCrop is uniform in area and in the logarithm of the ratio, at every place', () => {
    const size = { width: 2000, height: 2000 };
    const facts = draws('RandomResizedCrop', { ...resized, scale: [0.1, 0.4], ratio: [0.5, 2] }, size);
    const [widths, heights] = [numbers(facts, 'width'), numbers(facts, 'height')];
    // Sides are whole pixels, so that an end can be missed by one of two thousand.
    expectUniform(
      widths.map((width, at) => (width * heights[at]!) / 4e6),
      0.1,
      0.4,
      0.002,
    );
    expectUniform(
      widths.map((width, at) => Math.log(width / heights[at]!)),
      Math.log(0.5),
      Math.log(2),
      0.002,
    );
    expectUniform(
      numbers(facts, 'left').map((left, at) => (left + 0.5) / (2001 - widths[at]!)),
      0,
      1,
    );
    expectUniform(
      numbers(facts, 'top').map((top, at) => (top + 0.5) / (2001 - heights[at]!)),
      0,
      1,
    );
  });

  test('RandomResizedCrop falls back to the middle of a line', () => {
    const line = draws(
      'RandomResizedCrop',
      { ...resized, scale: [0.5, 1], ratio: [0.75, 4 / 3] },
      { width: 1, height: 4000 },
    );
    expect(new Set(line.map((facts) => JSON.stringify(facts)))).toEqual(
      new Set([JSON.stringify({ left: 0, top: 1999, width: 1, height: 1 })]),
    );
    const wide = draws(
      'RandomResizedCrop',
      { ...resized, scale: [1, 1], ratio: [0.75, 1.25] },
      { width: 4000, height: 4 },
    );
    expect(wide[0]).toEqual({ left: 1997, top: 0, width: 5, height: 4 });
    const inside = draws(
      'RandomResizedCrop',
      { ...resized, scale: [1, 1], ratio: [1.4, 1.4] },
      { width: 40, height: 30 },
    );
    expect(inside[0]).toEqual({ left: 0, top: 0, width: 40, height: 29 });
  });

  test('RandomAffine is uniform in all that it draws, and moves by whole pixels up to its shares', () => {
    const facts = draws('RandomAffine', {
      ...affine,
      degrees: 20,
      translate: [0.1, 0.2],
      scale: [0.5, 2],
      shear: [-5, 15, 10, 30],
    });
    expectUniform(numbers(facts, 'angle'), -20, 20);
    expectUniform(numbers(facts, 'scale'), 0.5, 2);
    expectUniform(numbers(facts, 'shearX'), -5, 15);
    expectUniform(numbers(facts, 'shearY'), 10, 30);
    // Of 40 × 30 pixels 4 and 6; what lies beyond the last half pixel is the half of a place.
    expectEachPlace(numbers(facts, 'x'), -4, 4, 'half ends');
    expectEachPlace(numbers(facts, 'y'), -6, 6, 'half ends');
    expectUniform(numbers(draws('RandomAffine', { ...affine, degrees: [0, 1], shear: 8 }), 'shearX'), -8, 8);
  });

  test('RandomAffine leaves out what is null', () => {
    const [facts] = draws('RandomAffine', { ...affine, degrees: 20 });
    expect(facts).toEqual({ angle: facts?.['angle'], x: 0, y: 0, scale: 1, shearX: 0, shearY: 0 });
  });

  test('RandomPerspective reaches every place of a corner equally often', () => {
    const facts = draws('RandomPerspective', { distortion_scale: 0.5, p: 1, interpolation: 'bilinear', fill: 0 });
    const corners = facts.map(({ corners: places }) => String(places).split(/[ ,]/).map(Number));
    // Half of half of 40 × 30 pixels; torchvision's far corners reach one further in.
    const ranges = [
      [0, 10],
      [0, 7],
      [29, 39],
      [0, 7],
      [29, 39],
      [22, 29],
      [0, 10],
      [22, 29],
    ] as const;
    for (const [at, [low, high]] of ranges.entries()) {
      expectEachPlace(
        corners.map((corner) => corner[at]!),
        low,
        high,
      );
    }
  });

  test('GaussianBlur is uniform in sigma, or keeps to one', () => {
    expectUniform(numbers(draws('GaussianBlur', { kernel_size: 3, sigma: [0.1, 2] }), 'sigma'), 0.1, 2);
    expect(draws('GaussianBlur', { kernel_size: [3, 5], sigma: 1.5 })[0]).toEqual({ sigma: 1.5 });
  });

  test('RandomErasing is uniform in area and in the logarithm of height to width', () => {
    const size = { width: 2000, height: 2000 };
    const facts = draws('RandomErasing', { p: 1, scale: [0.02, 0.2], ratio: [0.3, 3.3], value: 0 }, size);
    expectUniform(
      facts.map(({ width, height }) => (Number(width) * Number(height)) / 4e6),
      0.02,
      0.2,
      0.01,
    );
    expectUniform(
      facts.map(({ width, height }) => Math.log(Number(height) / Number(width))),
      Math.log(0.3),
      Math.log(3.3),
      0.002,
    );
  });

  test('RandomErasing reaches every place equally often, the last ones included, and both ways independently', () => {
    const size = { width: 16, height: 14 };
    // An area of 64 pixels: 8 × 8 of them, for which there are 9 × 7 places.
    const share = 64 / (16 * 14);
    const facts = draws('RandomErasing', { p: 1, scale: [share, share], ratio: [1, 1], value: 0 }, size);
    expect(new Set(facts.map(({ width, height }) => `${String(width)} × ${String(height)}`))).toEqual(
      new Set(['8 × 8']),
    );
    expectEachPlace(numbers(facts, 'left'), 0, 8);
    expectEachPlace(numbers(facts, 'top'), 0, 6);
    const places = facts.map(({ left, top }) => Number(top) * 9 + Number(left));
    expectEachPlace(places, 0, 62);
  });

  test('RandomErasing gives up on a line', () => {
    const line = draws(
      'RandomErasing',
      { p: 1, scale: [0.1, 0.5], ratio: [1, 1], value: 0 },
      { width: 1, height: 400 },
    );
    expect(line.every((facts) => facts['isErased'] === false)).toBe(true);
  });
});

const crop = { size: 25, padding: null, pad_if_needed: false, fill: 0, padding_mode: 'constant' } as const;
const resized = { size: 8, interpolation: 'bilinear', antialias: true } as const;
const affine = {
  degrees: 0,
  translate: null,
  scale: null,
  shear: null,
  interpolation: 'nearest',
  fill: 0,
  center: null,
} as const;
