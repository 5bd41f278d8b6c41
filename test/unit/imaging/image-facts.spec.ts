import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { readCaptureTime } from '../../../src-main/imaging/facts/capture-time.ts';
import { measureImage } from '../../../src-main/imaging/facts/measure-image.ts';
import { perceptualHash } from '../../../src-main/imaging/facts/perceptual-hash.ts';
import { shrinkPlane, type Plane } from '../../../src-main/imaging/facts/shrink.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import { drawScene } from '../../support/scenes.ts';

async function asPng(picture: Sharp): Promise<Buffer> {
  return picture.png().toBuffer();
}

const scenes = await Promise.all(Array.from({ length: 8 }, (_, seed) => asPng(drawScene(seed))));
const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = scenes;

function distance(a: readonly number[], b: readonly number[]): number {
  const bits = (word: number): number => (word >>> 0).toString(2).replaceAll('0', '').length;
  return a.reduce((sum, word, index) => sum + bits(word ^ (b[index] ?? 0)), 0);
}

/** The definition, written as it stands in the paper: no separable passes, no shared code. */
function hashByDefinition({ data }: Plane): string {
  const frequencies: number[] = [];
  for (let u = 0; u < 8; u += 1) {
    for (let v = 0; v < 8; v += 1) {
      let sum = 0;
      data.forEach((value, index) => {
        const [y, x] = [Math.floor(index / 32), index % 32];
        sum += value * Math.cos((Math.PI * u * (y + 0.5)) / 32) * Math.cos((Math.PI * v * (x + 0.5)) / 32);
      });
      frequencies.push(sum);
    }
  }
  const sorted = frequencies.toSorted((a, b) => a - b);
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  return frequencies.map((value) => (value > median ? '1' : '0')).join('');
}

describe('what is measured of a picture', () => {
  it('is the perceptual hash of its definition', () => {
    const random = createRandom('hash');
    for (let round = 0; round < 5; round += 1) {
      const plane: Plane = {
        width: 32,
        height: 32,
        data: Float32Array.from({ length: 1024 }, () => 255 * random.next()),
      };
      const text = perceptualHash(plane)
        .map((word) => word.toString(2).padStart(32, '0'))
        .join('');
      expect(text).toBe(hashByDefinition(plane));
    }
  });

  it('has close hashes for copies and distant ones for different pictures', async () => {
    const original = await measureImage(first);
    const copies = await Promise.all(
      [
        sharp(first).jpeg({ quality: 40 }),
        sharp(first).resize(120),
        sharp(first).resize(160, 100, { fit: 'fill' }),
        sharp(first).modulate({ brightness: 0.85 }),
        sharp(first).greyscale(),
      ].map(async (copy) => measureImage(await copy.toBuffer())),
    );
    expect(Math.max(...copies.map(({ hash }) => distance(hash, original.hash)))).toBeLessThanOrEqual(6);
    const others = await Promise.all(scenes.slice(1).map((bytes) => measureImage(bytes)));
    expect(Math.min(...others.map(({ hash }) => distance(hash, original.hash)))).toBeGreaterThan(12);
  });

  it('tells dark, overexposed, blurred and grey pictures from others', async () => {
    const [plain, dark, light, blurred, grey] = await Promise.all(
      [
        sharp(second),
        sharp(second).linear(0.2),
        sharp(second).linear(0.1, 240),
        sharp(second).blur(12),
        sharp(second).greyscale(),
      ].map(async (picture) => measureImage(await asPng(picture))),
    );
    if (!plain || !dark || !light || !blurred || !grey) throw new Error('Nothing was measured.');
    expect(dark.highlight).toBeLessThan(0.25);
    expect(plain.highlight).toBeGreaterThan(0.4);
    expect(light.shadow).toBeGreaterThan(0.94);
    expect(dark.brightness).toBeCloseTo(plain.brightness * 0.2, 2);
    expect(dark.contrast).toBeCloseTo(plain.contrast * 0.2, 2);
    expect(blurred.sharpness).toBeLessThan(0.05 * plain.sharpness);
    expect(grey.colorfulness).toBeLessThan(0.01);
    expect(plain.colorfulness).toBeGreaterThan(30);
  });

  it('shrinks a plane to the mean of each area, also between pixels, and spreads a smaller one out', () => {
    const plane = { width: 3, height: 1, data: Float32Array.of(0, 6, 12) };
    expect([...shrinkPlane(plane, 2, 1).data]).toEqual([2, 10]);
    expect([...shrinkPlane(plane, 1, 1).data].map(Math.round)).toEqual([6]);
    expect([...shrinkPlane(plane, 6, 2).data].map(Math.round)).toEqual([0, 0, 6, 6, 12, 12, 0, 0, 6, 6, 12, 12]);
  });
});

describe('the time of capture', () => {
  it('is read from EXIF of either byte order, with parts of a second', async () => {
    const exif = { IFD2: { DateTimeOriginal: '2024:05:14 10:42:07', SubSecTimeOriginal: '25' } };
    const photo = await sharp(first).jpeg().withExif(exif).toBuffer();
    const facts = await measureImage(photo);
    expect(facts.capturedAt).toBe(Date.UTC(2024, 4, 14, 10, 42, 7, 250));
    expect(readCaptureTime(bigEndian('2023:01:02 03:04:05'))).toBe(Date.UTC(2023, 0, 2, 3, 4, 5));
  });

  it('is unknown where there is none, or where the block leads nowhere', async () => {
    const facts = await measureImage(first);
    expect(facts.capturedAt).toBe(null);
    const whole = bigEndian('2023:01:02 03:04:05');
    for (let length = 0; length < whole.length - 1; length += 1)
      expect(readCaptureTime(whole.subarray(0, length))).toBe(null);
    expect(readCaptureTime(bigEndian('0000:00:00 00:00:00'))).toBe(null);
    expect(readCaptureTime(bigEndian('yesterday, I think '))).toBe(null);
  });
});

/** A block with one pointer and one time, in Motorola's byte order. */
function bigEndian(time: string): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.write('MM\0*', 0, 'latin1');
  bytes.writeUInt32BE(8, 4);
  bytes.writeUInt16BE(1, 8);
  writeEntry(bytes, 10, [0x8769, 4, 1, 26]);
  bytes.writeUInt16BE(1, 26);
  writeEntry(bytes, 28, [0x9003, 2, 20, 44]);
  bytes.write(`${time}\0`, 44, 'latin1');
  return bytes;
}

function writeEntry(
  bytes: Buffer,
  at: number,
  [tag, type, count, value]: readonly [number, number, number, number],
): void {
  bytes.writeUInt16BE(tag, at);
  bytes.writeUInt16BE(type, at + 2);
  bytes.writeUInt32BE(count, at + 4);
  bytes.writeUInt32BE(value, at + 8);
}
