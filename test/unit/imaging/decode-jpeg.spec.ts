import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type JpegOptions, type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import { decodeJpeg, type Halvings } from '../../../src-main/imaging/jpeg/decode-jpeg.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/jpeg', import.meta.url));
const sizes = [
  [16, 16],
  [17, 33],
  [64, 48],
  [95, 130],
  [200, 31],
] as const;
const kinds: Readonly<Record<string, JpegOptions>> = {
  'chroma at half of both sides': { chromaSubsampling: '4:2:0', quality: 90 },
  'chroma in full': { chromaSubsampling: '4:4:4', quality: 75 },
  'tables of its own': { optimiseCoding: true, quality: 100 },
  'strong compression': { quality: 3 },
};

describe('decodes to the same bytes as libjpeg', () => {
  test.each(Object.entries(kinds))('%s', async (_kind, options) => {
    for (const [width, height] of sizes) {
      const bytes = await photo(width, height).jpeg(options).toBuffer();
      expect(decodeJpeg(bytes)).toEqual(await decodeBySharp(bytes));
    }
  });

  test('grey', async () => {
    const bytes = await photo(75, 41).greyscale().toColourspace('b-w').jpeg().toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    expect(decodeJpeg(bytes)).toEqual(await decodeBySharp(bytes));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('turned by EXIF as %i says', async (orientation) => {
    const bytes = await photo(75, 41).withMetadata({ orientation }).jpeg().toBuffer();
    expect(decodeJpeg(bytes)).toEqual(await decodeBySharp(bytes));
  });

  test.each(['half-width', 'restarts'])('the file %s.jpg, which Pillow wrote', async (name) => {
    const bytes = await readFile(path.join(fixtures, `${name}.jpg`));
    expect(decodeJpeg(bytes)).toEqual(await decodeBySharp(bytes));
  });

  test('with a colour profile, which is passed over, and with something behind its end', async () => {
    const jpeg = await photo(50, 40).withIccProfile('p3', { attach: true }).jpeg().toBuffer();
    const bytes = Buffer.concat([jpeg, Buffer.from('more')]);
    expect(decodeJpeg(bytes)).toEqual(await decodeBySharp(bytes));
  });
});

test.each([
  ['progressive', () => photo(50, 40).jpeg({ progressive: true })],
  ['CMYK', () => photo(50, 40).toColourspace('cmyk').jpeg()],
  ['very thin', () => photo(15, 40).jpeg()],
])('leaves a JPEG to libjpeg that is %s', async (_what, make) => {
  const bytes = await make().toBuffer();
  expect(decodeJpeg(bytes)).toBeNull();
  const { width, height } = await sharp(bytes).metadata();
  expect(await decodeImage(bytes)).toMatchObject({ width, height });
});

test('takes no damaged file for another picture than libjpeg does', async () => {
  const random = createRandom('damage');
  const files = [
    await photo(64, 48).jpeg().toBuffer(),
    await photo(33, 70).jpeg({ chromaSubsampling: '4:4:4', optimiseCoding: true }).toBuffer(),
  ];
  let taken = 0;
  for (let round = 0; round < 400; round += 1) {
    const bytes = damage(files[round % 2] ?? Buffer.alloc(0), random);
    const own = decodeJpeg(bytes);
    if (!own) continue;
    taken += 1;
    expect(own, `round ${String(round)}`).toEqual(await decodeBySharp(bytes));
  }
  expect(taken).toBeGreaterThan(20);
});

test.each([
  ['4:4:4', 1],
  ['4:4:4', 2],
  ['4:4:4', 3],
  ['4:2:0', 1],
  ['4:2:0', 2],
  ['4:2:0', 3],
] as const)(
  'makes pixels of %s halved %i times that are close to the means of boxes',
  async (chromaSubsampling, halvings) => {
    const bytes = await photo(96, 64).blur(2).jpeg({ chromaSubsampling, quality: 95 }).toBuffer();
    const full = decodeJpeg(bytes);
    const small = decodeJpeg(bytes, () => halvings);
    if (!full || !small) throw new Error('Not decoded');
    const expected = meansOf(full, halvings);
    expect(small).toMatchObject({ width: 96 / 2 ** halvings, height: 64 / 2 ** halvings });
    const differences = small.data.map((value, index) => Math.abs(value - (expected[index] ?? 0)));
    // Chroma of half the size is not spread out before it is averaged, and of what is halved twice the lowest coefficients are read only.
    const isMean = chromaSubsampling === '4:4:4' && halvings !== 2;
    expect(Math.max(...differences)).toBeLessThanOrEqual(isMean ? 2 : 9);
    expect(differences.reduce((sum, each) => sum + each, 0) / differences.length).toBeLessThan(isMean ? 0.8 : 2.4);
  },
);

test('makes the pixels of a picture halved twice from the four lowest coefficients of each block', async () => {
  const bytes = await photo(96, 64).greyscale().toColourspace('b-w').jpeg({ quality: 95 }).toBuffer();
  const full = decodeJpeg(bytes);
  const small = decodeJpeg(bytes, () => 2);
  if (!full || !small) throw new Error('Not decoded');
  const cosine = (at: number, frequency: number): number => Math.cos(((2 * at + 1) * frequency * Math.PI) / 16);
  const coefficient = (block: readonly [number, number], u: number, v: number): number => {
    let sum = 0;
    for (let place = 0; place < 64; place += 1) {
      const [x, y] = [place % 8, Math.floor(place / 8)];
      const value = full.data[((block[1] * 8 + y) * 96 + block[0] * 8 + x) * 3] ?? 0;
      sum += value * cosine(x, u) * cosine(y, v);
    }
    return (sum / 4) * (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
  };
  for (let y = 0; y < 16; y += 1) {
    for (let x = 0; x < 24; x += 1) {
      const block = [x >> 1, y >> 1] as const;
      const [right, low] = [x % 2 === 0 ? 1 : -1, y % 2 === 0 ? 1 : -1];
      const level = coefficient(block, 0, 0) + right * coefficient(block, 1, 0) + low * coefficient(block, 0, 1);
      const expected = Math.min(255, Math.max(0, (level + right * low * coefficient(block, 1, 1)) / 8));
      expect(Math.abs((small.data[(y * 24 + x) * 3] ?? 0) - expected)).toBeLessThanOrEqual(2);
    }
  }
});

test('reads damaged files halved without end or error', async () => {
  const random = createRandom('damage, halved');
  const file = await photo(64, 48).jpeg({ quality: 95 }).toBuffer();
  let taken = 0;
  for (let round = 0; round < 600; round += 1) {
    const halvings = ([1, 2, 3] as const)[round % 3] ?? 1;
    const small = decodeJpeg(damage(file, random), () => halvings);
    if (small) taken += 1;
    if (small) expect(small.data.length).toBe(small.width * small.height * 3);
  }
  expect(taken).toBeGreaterThan(20);
  expect(taken).toBeLessThan(600);
});

test('asks for the size after EXIF orientation, and rounds odd sides up', async () => {
  const bytes = await photo(75, 41).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const asked: unknown[] = [];
  const small = decodeJpeg(bytes, (size) => {
    asked.push(size);
    return 1;
  });
  expect(asked).toEqual([{ width: 41, height: 75 }]);
  expect(small).toMatchObject({ width: 21, height: 38 });
});

async function decodeBySharp(bytes: Buffer): Promise<RgbImage> {
  const { data, info } = await sharp(bytes, { failOn: 'warning', autoOrient: true, ignoreIcc: true })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Smooth shapes with grain. */
function photo(width: number, height: number): Sharp {
  const random = createRandom(`${String(width)}/${String(height)}`);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return Math.min(255, 127 + 90 * Math.sin(x / 9 + (at % 3)) * Math.cos(y / 7) + random.integer(40));
  });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function damage(bytes: Buffer, random: ReturnType<typeof createRandom>): Buffer {
  const at = 3 + random.integer(bytes.length - 3);
  if (random.integer(4) === 0) return bytes.subarray(0, at);
  const damaged = Buffer.from(bytes);
  damaged.writeUInt8(random.integer(256), at);
  return damaged;
}

function meansOf({ width, height, data }: RgbImage, halvings: Halvings): readonly number[] {
  const side = 2 ** halvings;
  const means: number[] = [];
  for (let y = 0; y < height; y += side) {
    for (let x = 0; x < width; x += side) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let place = 0; place < side * side; place += 1) {
          const [u, v] = [place % side, Math.floor(place / side)];
          sum += data[((y + v) * width + x + u) * 3 + channel] ?? 0;
        }
        means.push(sum / side / side);
      }
    }
  }
  return means;
}
