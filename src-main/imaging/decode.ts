import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import sharp from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { borrowPictures } from './assembly/kernel-instance.ts';
import { explainDecoderError, maximumFileBytes, requireSupportedFormat, tooLarge } from './decode-errors.ts';
import { limitDecoders } from './decoders.ts';
import type { ImageFormat } from './image-format.ts';
import { decodeJpeg, type Halvings } from './jpeg/decode-jpeg.ts';
import type { ImageSize, RgbImage } from './kernels/rgb-image.ts';
import { createLimiter } from './limiter.ts';
import { maximumPixelCount } from './step.ts';

limitDecoders();

/** A picture of the largest size takes 300 MB unpacked: never more than two at once in a process. */
const limit = createLimiter(2);

const options: SharpOptions = {
  failOn: 'warning',
  limitInputPixels: maximumPixelCount,
  limitInputChannels: 5,
  autoOrient: true,
  // PIL, and with it torchvision, reads the numbers as they are; a colour profile would change them.
  ignoreIcc: true,
};

/** What can be said of a picture without unpacking it; the size is the one after EXIF orientation. */
export interface ImageInfo {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * Unpacks a picture, given as bytes or as the path of a file, to 8-bit RGB: first frame, EXIF orientation applied,
 * transparency over white, grey, palette, 16 bits and CMYK converted. `chooseHalvings` may ask, once the size is known, for a usual JPEG to be
 * decoded at a half, a quarter or an eighth of its sides; every other file is decoded in full. Throws an AppError that names what is wrong.
 */
export async function decodeImage(
  source: Uint8Array | string,
  chooseHalvings?: (size: ImageSize) => Halvings,
): Promise<RgbImage> {
  const bytes = await readSource(source);
  return decodeOwn(bytes, chooseHalvings) ?? decodeBySharp(bytes);
}

/**
 * As `decodeImage`, for `use` alone, which must not wait for anything: a usual JPEG's pixels lie in the memory of the kernels, and so do those that
 * kernels make of them. What `use` answers must hold none of them.
 */
export async function useDecodedImage<T>(
  source: Uint8Array | string,
  chooseHalvings: (size: ImageSize) => Halvings,
  use: (image: RgbImage) => T,
): Promise<T> {
  const bytes = await readSource(source);
  const done = borrowPictures(() => {
    const image = decodeOwn(bytes, chooseHalvings);
    return image && { value: use(image) };
  });
  if (done) return done.value;
  const image = await decodeBySharp(bytes);
  return borrowPictures(() => use(image));
}

/** Null for all but usual JPEGs. Throws an AppError for what no decoder takes. */
function decodeOwn(bytes: Uint8Array, chooseHalvings?: (size: ImageSize) => Halvings): RgbImage | null {
  return requireSupportedFormat(bytes) === 'jpeg' ? decodeJpeg(bytes, chooseHalvings) : null;
}

async function decodeBySharp(bytes: Uint8Array): Promise<RgbImage> {
  const { data, info } = await withDecoder(bytes, (decoder) =>
    decoder
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  if (info.channels !== 3) throw new Error(`Decoded to ${info.channels} channels instead of 3`);
  return { width: info.width, height: info.height, data };
}

/** Reads format and size from a picture's header. Throws an AppError for a file that `decodeImage` could not open. */
export async function probeImage(source: Uint8Array | string): Promise<ImageInfo> {
  const bytes = await readSource(source);
  const format = requireSupportedFormat(bytes);
  const { autoOrient } = await withDecoder(bytes, (decoder) => decoder.metadata());
  return { format, width: autoOrient.width, height: autoOrient.height };
}

/** A WebP that fits in a square of `sizePx`; never enlarged. */
export async function makeThumbnail(source: Uint8Array | string, sizePx: number): Promise<Uint8Array> {
  const bytes = await readSource(source);
  return withDecoder(bytes, (decoder) =>
    decoder
      .resize(sizePx, sizePx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .webp({ quality: 82 })
      .toBuffer(),
  );
}

/**
 * A picture as it fits in a square of `sizePx`, never enlarged, in 8-bit RGB, and its EXIF block where it has one. JPEGs are unpacked no
 * larger than needed, so its pixels are good for looking at and for measuring, not for a network.
 */
export async function readSmall(
  source: Uint8Array | string,
  sizePx: number,
): Promise<{ readonly image: RgbImage; readonly exif: Uint8Array | null }> {
  const bytes = await readSource(source);
  return withDecoder(bytes, async (decoder) => {
    const { exif } = await decoder.metadata();
    const { data, info } = await decoder
      .resize(sizePx, sizePx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`Decoded to ${info.channels} channels instead of 3`);
    return { image: { width: info.width, height: info.height, data }, exif: exif ?? null };
  });
}

/** A PNG with exactly these pixels, three values each, or four with alpha; at `compressionLevel` 1 somewhat larger than at 9, and made several times faster. */
export async function encodePng({ width, height, data }: RgbImage, compressionLevel = 6): Promise<Uint8Array> {
  const channels = data.length === width * height * 4 ? 4 : 3;
  return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel }).toBuffer();
}

async function withDecoder<T>(bytes: Uint8Array, run: (decoder: Sharp) => Promise<T>): Promise<T> {
  const format = requireSupportedFormat(bytes);
  return limit(async () => {
    try {
      return await run(sharp(bytes, options));
    } catch (error) {
      throw (await findOversize(error, bytes)) ?? explainDecoderError(error, bytes, format);
    }
  });
}

/** The limit's own error says no size; reading the header alone again costs nothing and can. */
async function findOversize(error: unknown, bytes: Uint8Array): Promise<AppError | null> {
  if (!(error instanceof Error) || !error.message.includes('pixel limit')) return null;
  try {
    const { width, height } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
    return tooLarge(width, height, maximumPixelCount);
  } catch {
    return null;
  }
}

async function readSource(source: Uint8Array | string): Promise<Uint8Array> {
  if (typeof source !== 'string') return source;
  try {
    // A worker thread has nothing else to do meanwhile, and a promise costs more than a small file.
    const { size } = isMainThread ? await stat(source) : statSync(source);
    if (size > maximumFileBytes) {
      const message = say('tooManyMegabytes', { size: Math.round(size / 1e6), most: maximumFileBytes / 1e6 });
      throw new AppError('unsupported', message, { detail: { reason: 'too-large' } });
    }
    return isMainThread ? await readFile(source) : readFileSync(source);
  } catch (error) {
    throw explainFileError(error);
  }
}

function explainFileError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
      return new AppError('not-found', say('fileGone'), {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new AppError('no-access', say('fileForbidden'), { cause: error });
    case 'EISDIR':
      return new AppError('bad-input', say('isFolder'), { cause: error });
    default:
      return error;
  }
}
