import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isOperationName, runOperation } from '../../../src-main/imaging/fixed-operations.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';

type StoredImage = readonly [width: number, height: number, base64: string];
interface PillowCase {
  readonly op: string;
  readonly params: unknown;
  readonly input: StoredImage;
  readonly expected: StoredImage;
}

const file = new URL('../../fixtures/pillow/cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly PillowCase[] };

describe('odd sizes equal Pillow, every pixel', () => {
  test.each(cases.map((golden) => [nameOf(golden), golden] as const))('%s', (_name, golden) => {
    if (!isOperationName(golden.op)) throw new Error(`No operation ${golden.op}`);
    const value = runOperation(golden.op, golden.params, unpack(golden.input));
    expect(value).toEqual({ type: 'picture', image: unpack(golden.expected) });
  });
});

function nameOf({ op, params, input: [width, height] }: PillowCase): string {
  return `${op} of ${String(width)} × ${String(height)} ${JSON.stringify(params)}`;
}

function unpack([width, height, base64]: StoredImage): RgbImage {
  return { width, height, data: Uint8Array.from(Buffer.from(base64, 'base64')) };
}
