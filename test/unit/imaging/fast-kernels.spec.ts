import { describe, expect, test } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import * as fastColor from '../../../src-main/imaging/fast/color.ts';
import { flipHorizontally as flipFast } from '../../../src-main/imaging/fast/flip.ts';
import { resize as resizeFast } from '../../../src-main/imaging/fast/resize.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  toGrayscale,
} from '../../../src-main/imaging/kernels/color.ts';
import { flipHorizontally } from '../../../src-main/imaging/kernels/flip.ts';
import { adjustHue } from '../../../src-main/imaging/kernels/hue.ts';
import { resize } from '../../../src-main/imaging/kernels/resize.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { normalize, toTensor } from '../../../src-main/imaging/kernels/tensor.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const random = createRandom('fast kernels');
const sides = [1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 31, 64, 100];
const pictures = Array.from({ length: 60 }, (_, index) => makePicture(index));

describe('the kernels in WebAssembly make the bytes of those in TypeScript', () => {
  test.each(['bilinear', 'bicubic', 'nearest'] as const)('resize, %s', (interpolation) => {
    for (const picture of pictures) {
      for (const [width, height] of [
        [random.integer(150) + 1, random.integer(150) + 1],
        [picture.width, 9],
        [9, picture.height],
        [3, 3],
      ] as const) {
        const size = { width, height };
        expectSame(resizeFast(picture, size, interpolation), resize(picture, size, interpolation));
      }
    }
  });

  test('mirroring and grey', () => {
    for (const picture of pictures) {
      expectSame(flipFast(picture), flipHorizontally(picture));
      expectSame(fastColor.toGrayscale(picture), toGrayscale(picture));
    }
  });

  test.each([
    ['brightness', adjustBrightness, 0, 3],
    ['contrast', adjustContrast, 0, 3],
    ['saturation', adjustSaturation, 0, 3],
    ['hue', adjustHue, -0.5, 0.5],
  ] as const)('%s', (name, apply, low, high) => {
    for (const picture of pictures) {
      for (const factor of [low, high, random.uniform(low, high)]) {
        expectSame(fastColor.changeColors(picture, [{ name, factor }]), apply(picture, factor));
      }
    }
  });

  test('hue of colours all over the cube', () => {
    const levels = Array.from({ length: 52 }, (_, index) => index * 5);
    const data = Uint8Array.from(
      levels.flatMap((red) => levels.flatMap((green) => levels.flatMap((blue) => [red, green, blue]))),
    );
    const cube = { width: 52 * 52, height: 52, data };
    for (const factor of [-0.5, -0.2, 0, 0.07, 0.5]) {
      expectSame(fastColor.changeColors(cube, [{ name: 'hue', factor }]), adjustHue(cube, factor));
    }
  });

  test('changes of colour one after the other', () => {
    for (const picture of pictures) {
      const changes = [
        { name: 'hue', factor: 0.1 },
        { name: 'contrast', factor: 1.3 },
        { name: 'saturation', factor: 0.4 },
      ] as const;
      const expected = adjustSaturation(adjustContrast(adjustHue(picture, 0.1), 1.3), 0.4);
      expectSame(fastColor.changeColors(picture, changes), expected);
    }
  });
});

test('ToTensor and Normalize together make the numbers of both', () => {
  const statistics = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
  const steps = resolveSteps([createStep('ToTensor', 'a'), createStep('Normalize', 'b')], {
    inputSize: 9,
    ...statistics,
  });
  for (const picture of pictures.slice(0, 9)) {
    const value = applyPipeline(picture, steps, 0);
    const expected = normalize(toTensor(picture), statistics.mean, statistics.std);
    expect(value).toEqual({ type: 'tensor', tensor: expected });
  }
});

/** Noise, dull colours, and black and white by turns. */
function makePicture(index: number): RgbImage {
  const width = sides[index % sides.length] ?? 1;
  const height = sides[(index * 5 + 2) % sides.length] ?? 1;
  const values = [() => random.integer(256), () => 100 + random.integer(30), () => random.integer(2) * 255];
  const value = values[index % 3] ?? (() => 0);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, value) };
}

function expectSame(made: RgbImage, expected: RgbImage): void {
  expect([made.width, made.height]).toEqual([expected.width, expected.height]);
  expect(Buffer.compare(Buffer.from(made.data), Buffer.from(expected.data))).toBe(0);
}
