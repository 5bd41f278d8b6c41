import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, encodePng, makeThumbnail, probeImage } from '../../../src-main/imaging/decode.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;
const photo = noise(48, 32);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('decodes', () => {
  test.each(formats)('%s, telling the format by content', async (format) => {
    const bytes = await source(photo).toFormat(format).toBuffer();
    expect(await probeImage(bytes)).toEqual({ format, width: 48, height: 32 });
    const { width, height, data } = await decodeImage(bytes);
    expect([width, height, data.length]).toEqual([48, 32, 48 * 32 * 3]);
  });

  test('PNG to exactly the pixels that were written, also from a file', async () => {
    const bytes = await encodePng(photo);
    const path = join(folder, 'photo.jpg');
    await writeFile(path, bytes);
    expect(pixels(await decodeImage(bytes))).toEqual(pixels(photo));
    expect(pixels(await decodeImage(path))).toEqual(pixels(photo));
  });

  test('a PNG with a colour profile to the numbers in the file', async () => {
    const bytes = await source(photo).withIccProfile('p3', { attach: true }).png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect((await sharp(bytes).metadata()).hasProfile).toBe(true);
    expect(pixels(await decodeImage(bytes))).toEqual([...stored]);
  });

  test('EXIF orientation applied, in size and in pixels', async () => {
    const bytes = await source(photo).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await probeImage(bytes)).toEqual({ format: 'png', width: 32, height: 48 });
    const turned = await source(photo).rotate(90).raw().toBuffer();
    expect(pixels(await decodeImage(bytes))).toEqual([...turned]);
  });

  test('transparency over white', async () => {
    const bytes = await sharp(Buffer.from([200, 0, 0, 0, 200, 0, 0, 255, 0, 0, 0, 51]), {
      raw: { width: 3, height: 1, channels: 4 },
    })
      .png()
      .toBuffer();
    expect(pixels(await decodeImage(bytes))).toEqual([255, 255, 255, 200, 0, 0, 204, 204, 204]);
  });

  test('16 bits by their high byte', async () => {
    const values = Uint16Array.from([0x1234, 0xabff, 0xff00]);
    const bytes = await sharp(values, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(pixels(await decodeImage(bytes))).toEqual([0x12, 0xab, 0xff]);
  });

  test('grey and palette to three channels', async () => {
    const grey = await source(photo).greyscale().toColourspace('b-w').png().toBuffer();
    const greyPixels = pixels(await decodeImage(grey));
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect(greyPixels.every((value, index) => value === greyPixels[index - (index % 3)])).toBe(true);

    const palette = await sharp(Buffer.from([9, 8, 7, 250, 128, 3]), { raw: { width: 2, height: 1, channels: 3 } })
      .png({ palette: true })
      .toBuffer();
    expect((await sharp(palette).metadata()).isPalette).toBe(true);
    expect(pixels(await decodeImage(palette))).toEqual([9, 8, 7, 250, 128, 3]);
  });

  test('CMYK close to the colour that was printed', async () => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c84632' } })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    const [red = 0, green = 0, blue = 0] = pixels(await decodeImage(bytes));
    expect(Math.max(Math.abs(red - 0xc8), Math.abs(green - 0x46), Math.abs(blue - 0x32))).toBeLessThan(40);
  });

  test('the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(12, 250), Buffer.alloc(12, 5)]);
    const bytes = await sharp(frames, { raw: { width: 2, height: 4, channels: 3, pageHeight: 2 } })
      .gif()
      .toBuffer();
    expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(2);
    const image = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual([2, 2]);
    expect(pixels(image).every((value) => value > 240)).toBe(true);
  });

  test.each([
    [1, 1],
    [1, 4000],
  ])('%i × %i pixels', async (width, height) => {
    const image = noise(width, height);
    expect(pixels(await decodeImage(await encodePng(image)))).toEqual(pixels(image));
  });
});

describe('makes thumbnails', () => {
  test('that fit, keep the ratio and never grow', async () => {
    const large = await makeThumbnail(await encodePng(noise(300, 100)), 128);
    expect(await probeImage(large)).toEqual({ format: 'webp', width: 128, height: 43 });
    const small = await makeThumbnail(await encodePng(photo), 128);
    expect(await probeImage(small)).toEqual({ format: 'webp', width: 48, height: 32 });
  });
});

describe('refuses', () => {
  test.each(formats)('%s cut off anywhere', async (format) => {
    const bytes = await source(photo).toFormat(format).toBuffer();
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9, 0.97]) {
      const cut = bytes.subarray(0, Math.max(16, Math.floor(bytes.length * share)));
      await expect(decodeImage(cut), `${format} at ${String(share)}`).rejects.toMatchObject({ code: 'damaged-file' });
    }
  });

  test('a cut-off file, saying how much of it is there', async () => {
    const png = await encodePng(photo);
    await expect(decodeImage(png.subarray(0, 100))).rejects.toMatchObject({
      message: expect.stringMatching(/^The PNG file is cut off: 100 of at least \d{4} bytes are there\./) as string,
      detail: { reason: 'truncated' },
    });
    const jpeg = await source(photo).jpeg().toBuffer();
    await expect(decodeImage(jpeg.subarray(0, jpeg.length - 40))).rejects.toMatchObject({
      message: 'The JPEG file is cut off: its end is missing. Copy it again from where it came from',
    });
  });

  test('SVG, which could read other files, before any decoder sees it', async () => {
    const svg = Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(decodeImage(svg)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'SVG files cannot be read: save the picture as JPEG, PNG, WebP, GIF, TIFF or AVIF',
    });
    // The second net: libvips itself has no loader for it any more.
    await expect(sharp(svg).metadata()).rejects.toThrow('unsupported image format');
  });

  test.each([
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['BMP', Buffer.from('BM\0\0\0\0\0\0\0\0', 'latin1')],
    ['PDF', Buffer.from('%PDF-1.7\n', 'latin1')],
  ])('%s by name', async (name, bytes) => {
    await expect(probeImage(bytes)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(`${name} files cannot be read`) as string,
    });
  });

  test('an empty file and one that is no picture', async () => {
    await expect(decodeImage(Buffer.alloc(0))).rejects.toMatchObject({
      code: 'damaged-file',
      detail: { reason: 'empty' },
    });
    await expect(decodeImage(Buffer.from('cat,dog\n1,2\n'))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('not a picture in a known format') as string,
    });
  });

  test('a picture that would fill the memory, naming its size', async () => {
    const bytes = await sharp({ create: { width: 12000, height: 9000, channels: 3, background: '#123' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'The picture has 12000 × 9000 pixels, more than 100 million: save a smaller copy',
      detail: { reason: 'too-large' },
    });
  });

  test('a path without a file, and a folder', async () => {
    await expect(decodeImage(join(folder, 'gone.png'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(decodeImage(folder)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

function noise(width: number, height: number): RgbImage {
  const random = createRandom('noise');
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}

function source({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function pixels(image: RgbImage): number[] {
  return [...image.data];
}
