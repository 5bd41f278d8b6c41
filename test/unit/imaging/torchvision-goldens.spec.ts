import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import { isOperationName, operationNames, runOperation } from '../../../src-main/imaging/fixed-operations.ts';
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

describe('results equal torchvision on PIL pictures, every pixel', () => {
  test.each(cases.map((golden) => [golden.id, golden] as const))('%s', async (_id, golden) => {
    if (!isOperationName(golden.op)) throw new Error(`No operation ${golden.op}`);
    const value = runOperation(golden.op, golden.params, await decodeImage(folder + golden.input));
    if (value.type === 'picture') {
      const expected = await decodeImage(folder + golden.expected);
      expect([value.image.width, value.image.height]).toEqual([expected.width, expected.height]);
      expect(largestDifference(value.image.data, expected.data)).toBe(0);
    } else {
      const expected = new Float32Array(new Uint8Array(readFileSync(folder + golden.expected)).buffer);
      expect(largestDifference(toChannelsFirst(value.tensor), expected)).toBeLessThanOrEqual(1e-6);
    }
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
