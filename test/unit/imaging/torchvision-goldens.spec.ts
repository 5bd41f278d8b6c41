import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import { isOperationName, operationNames, runOperation } from '../../../src-main/imaging/fixed-operations.ts';
import { viewsOf } from '../../../src-main/imaging/step.ts';
import { toChannelsFirst } from '../../../src-main/imaging/kernels/tensor.ts';

interface GoldenCase {
  readonly id: string;
  readonly op: string;
  readonly params: unknown;
  readonly input: string;
  readonly expected: string;
}

const folder = fileURLToPath(new URL('../../fixtures/torchvision/', import.meta.url));
const { cases } = JSON.parse(readFileSync(`${folder}cases.json`, 'utf8')) as { readonly cases: readonly GoldenCase[] };

/** Sums of many products, whose order and precision decide which way a value between two levels is rounded. */
const roundedBySum = new Set(['gaussian_blur']);

describe('results equal torchvision on PIL pictures, every pixel', () => {
  test.each(cases.map((golden) => [golden.id, golden] as const))('%s', async (_id, golden) => {
    if (!isOperationName(golden.op)) throw new Error(`No operation ${golden.op}`);
    const views = viewsOf(runOperation(golden.op, golden.params, await decodeImage(folder + golden.input)));
    const [tensor] = views.flatMap((view) => (view.type === 'tensor' ? [view.tensor] : []));
    if (tensor) {
      const expected = new Float32Array(new Uint8Array(readFileSync(folder + golden.expected)).buffer);
      expect(largestDifference(toChannelsFirst(tensor), expected)).toBeLessThanOrEqual(1e-6);
      return;
    }
    const pictures = views.flatMap((view) => (view.type === 'picture' ? [view.image] : []));
    const expected = await decodeImage(folder + golden.expected);
    const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
    expect([pictures[0]?.width, height]).toEqual([expected.width, expected.height]);
    const data = Buffer.concat(pictures.map((picture) => picture.data));
    expect(largestDifference(data, expected.data)).toBeLessThanOrEqual(roundedBySum.has(golden.op) ? 1 : 0);
    expect(meanDifference(data, expected.data)).toBeLessThan(0.0005);
  });

  test('every operation has a case', () => {
    expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(operationNames));
  });
});

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let index = 0; index < actual.length; index += 1) {
    largest = Math.max(largest, Math.abs(actual[index]! - expected[index]!));
  }
  return largest;
}

function meanDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < actual.length; index += 1) sum += Math.abs(actual[index]! - expected[index]!);
  return sum / actual.length;
}
