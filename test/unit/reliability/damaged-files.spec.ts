import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { decodeImage } from '../../../src-main/imaging/decode.ts';
import { FileCheck } from '../../../src-main/services/image/file-check.ts';
import { diskFile } from '../../../src-main/services/import/disk-file.ts';
import { loadImage } from '../../../src-main/services/import/load-image.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import { namedRandom, note, soakTimeoutMs, times } from '../../support/soak.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;
type Format = (typeof formats)[number];

/** A picture with smooth parts and edges, as photographs have. */
async function photo(format: Format): Promise<Buffer> {
  const [width, height] = [96, 64];
  const random = createRandom('photo');
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    return (x * 2 + y * (1 + (index % 3)) + (x > 40 && y > 20 ? 90 : 0) + random.integer(12)) % 256;
  });
  return sharp(data, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** What an import does with a file of these bytes. */
async function importBytes(folder: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, 'picture');
  writeFileSync(file, bytes);
  const found = { content: diskFile(file), source: 'picture', fileName: 'picture', className: null, givenSplit: null };
  const loaded = await loadImage(found, () => false);
  return loaded.kind;
}

describe('a damaged file', () => {
  it('of which the end is missing is left out, wherever it was cut', { timeout: soakTimeoutMs }, async () => {
    const folder = temporaryFolder();
    const taken: string[] = [];
    for (const format of formats) {
      const whole = await photo(format);
      expect(await importBytes(folder, whole)).toBe('image');
      for (let percent = 1; percent <= 99; percent += times(2, 1)) {
        const cut = whole.subarray(0, Math.floor((whole.length * percent) / 100));
        if ((await importBytes(folder, cut)) !== 'skipped') taken.push(`${format} at ${percent} %`);
      }
    }
    note(`files cut short that were taken in, of ${formats.length * 99}: ${taken.length}`);
    expect(taken).toEqual([]);
  });

  it('of which a bit flipped after its import is found, though most decode', { timeout: soakTimeoutMs }, async () => {
    const random = namedRandom('bit flips');
    const folder = temporaryFolder();
    const flips = times(40, 300);
    const figures: Record<string, string> = {};
    for (const format of formats) {
      const whole = await photo(format);
      const imageId = createHash('sha256').update(whole).digest('hex') as ImageId;
      const file = path.join(folder, `${imageId}.${format}`);
      const check = new FileCheck();
      const isFound = async (): Promise<boolean> =>
        (await check.findChanged([{ imageId, path: file }], new AbortController().signal)).length === 1;
      writeFileSync(file, whole);
      expect(await isFound()).toBe(false);
      let [found, decoded] = [0, 0];
      for (let flip = 0; flip < flips; flip += 1) {
        const bytes = Buffer.from(whole);
        const at = random.integer(bytes.length);
        bytes[at] = bytes[at]! ^ (1 << random.integer(8));
        writeFileSync(file, bytes);
        if (await isFound()) found += 1;
        decoded += await decodeImage(bytes).then(
          () => 1,
          () => 0,
        );
      }
      figures[format] = `${found} of ${flips} found, ${decoded} would decode`;
      expect(found).toBe(flips);
      writeFileSync(file, whole);
      expect(await isFound()).toBe(false);
    }
    note(`bit flips: ${JSON.stringify(figures)}`);
  });

  it('that is gone is found too, and one that is whole is not read twice', async () => {
    const folder = temporaryFolder();
    const bytes = await photo('png');
    const imageId = createHash('sha256').update(bytes).digest('hex') as ImageId;
    const file = path.join(folder, 'a.png');
    const check = new FileCheck();
    const find = (): Promise<readonly ImageId[]> =>
      check.findChanged([{ imageId, path: file }], new AbortController().signal);
    expect(await find()).toEqual([imageId]);
    writeFileSync(file, bytes);
    expect(await find()).toEqual([]);
    const startMs = performance.now();
    for (let time = 0; time < 200; time += 1) await find();
    expect((performance.now() - startMs) / 200).toBeLessThan(20);
  });
});

/** Small files that claim to be huge pictures. */
async function bombs(): Promise<Readonly<Record<string, Uint8Array>>> {
  const header = (width: number, height: number): Uint8Array => pngWithHeader(width, height);
  const [jpeg, gif, webp, tiff] = await Promise.all([photo('jpeg'), photo('gif'), photo('webp'), photo('tiff')]);
  return {
    'a whole PNG of 400 megapixels in 50 kB': wholeHugePng(),
    'a PNG of 900 megapixels': header(30_000, 30_000),
    'a PNG of the largest size there is': header(0x7fffffff, 0x7fffffff),
    'a PNG of one row': header(0x7fffffff, 1),
    'a PNG of one column': header(1, 0x7fffffff),
    'a JPEG that says 65,500 × 65,500': withJpegSize(jpeg, 65_500),
    'a WebP whose canvas says 16,777,216 × 16,777,216': withWebpCanvas(webp),
    'a GIF frame that says 65,535 × 65,535': withGifFrame(gif),
    'a WebP that says 16,383 × 16,383': withWebpSize(webp),
    'a TIFF that says 4,294,967,295 × 4,294,967,295': withTiffSize(tiff),
    'a PNG that unpacks a gigabyte of text': await withTextBomb(),
    'an SVG of a billion laughs': Buffer.from(laughs()),
  };
}

it(
  'refuses pictures that would unpack to far more than they are, fast and in little memory',
  { timeout: soakTimeoutMs },
  async () => {
    const folder = temporaryFolder();
    const files = await bombs();
    expect(Object.keys(files)).toHaveLength(12);
    // The decoder's code is loaded by the first picture, not by the first bomb.
    expect(await importBytes(folder, await photo('png'))).toBe('image');
    const slowest = { name: '', ms: 0 };
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 1);
    for (const [name, bytes] of Object.entries(files)) {
      const startMs = performance.now();
      const kind = await importBytes(folder, bytes);
      const ms = performance.now() - startMs;
      note(`${name}, ${bytes.length} bytes: ${kind} in ${ms.toFixed(0)} ms`);
      expect([name, kind]).toEqual([name, 'skipped']);
      if (ms > slowest.ms) Object.assign(slowest, { name, ms });
    }
    clearInterval(watch);
    const grewMb = (Math.max(most, process.memoryUsage().rss) - before) / 1e6;
    note(`bombs: slowest ${slowest.ms.toFixed(0)} ms (${slowest.name}), memory grew by ${grewMb.toFixed(0)} MB`);
    // The figure is 100 ms; the bound leaves room for a busy machine.
    expect(slowest.ms).toBeLessThan(times(1000, 100));
    expect(grewMb).toBeLessThan(300);
  },
);

function withBytes(bytes: Uint8Array, at: number, change: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(change, at);
  return copy;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function ihdr(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, 0], 8);
  return chunk('IHDR', data);
}

function pngWithHeader(width: number, height: number): Uint8Array {
  const pixels = deflateSync(new Uint8Array(100_000));
  return Buffer.concat([signature, ihdr(width, height), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** Black and white, a bit a pixel, every row of it there. */
function wholeHugePng(): Uint8Array {
  const [width, height] = [20_000, 20_000];
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const pixels = deflateSync(new Uint8Array((1 + width / 8) * height), { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function withJpegSize(bytes: Buffer, size: number): Uint8Array {
  const frame = bytes.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc2].includes(bytes[at + 1] ?? 0));
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(size, frame + 5);
  copy.writeUInt16BE(size, frame + 7);
  return copy;
}

function withGifFrame(bytes: Buffer): Uint8Array {
  const copy = Buffer.from(withBytes(bytes, 6, [0xff, 0xff, 0xff, 0xff]));
  const frame = copy.findIndex((byte, at) => byte === 0x2c && copy.readUInt16LE(at + 5) === 96);
  copy.writeUInt16LE(0xffff, frame + 5);
  copy.writeUInt16LE(0xffff, frame + 7);
  return copy;
}

function withWebpSize(bytes: Buffer): Uint8Array {
  const at = bytes.indexOf(Buffer.from([0x9d, 0x01, 0x2a])) + 3;
  return withBytes(bytes, at, [0xff, 0x3f, 0xff, 0x3f]);
}

/** The extended format, whose header carries the size of the canvas in 24 bits. */
function withWebpCanvas(bytes: Buffer): Uint8Array {
  const head = Buffer.from([...Buffer.from('VP8X'), 10, 0, 0, 0, 0, 0, 0, 0, ...Array.from({ length: 6 }, () => 0xff)]);
  const whole = Buffer.concat([bytes.subarray(0, 12), head, bytes.subarray(12)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

function withTiffSize(bytes: Buffer): Uint8Array {
  const copy = Buffer.from(bytes);
  const directory = copy.readUInt32LE(4);
  for (let entry = 0; entry < copy.readUInt16LE(directory); entry += 1) {
    const at = directory + 2 + entry * 12;
    // ImageWidth and ImageLength, as 32-bit numbers.
    if (![256, 257].includes(copy.readUInt16LE(at))) continue;
    copy.writeUInt16LE(4, at + 2);
    copy.writeUInt32LE(0xffffffff, at + 8);
  }
  return copy;
}

async function withTextBomb(): Promise<Uint8Array> {
  const packed = deflateSync(new Uint8Array(64_000_000), { level: 9 });
  const text = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), packed]);
  const whole = await photo('png');
  // Sixteen of them, and no picture behind: what unpacks comments unpacks a gigabyte before it finds out.
  return Buffer.concat([whole.subarray(0, 33), ...Array.from({ length: 16 }, () => chunk('zTXt', text))]);
}

function laughs(): string {
  const entities = Array.from({ length: 9 }, (_, level) => `<!ENTITY a${level + 1} "${`&a${level};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">${entities.join('')}]><svg>&a9;</svg>`;
}
