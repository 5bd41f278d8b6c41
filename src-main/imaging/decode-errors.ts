import { AppError } from '../../src-shared/contract/app-error.ts';
import { declaredLength, imageFormatNames, recognizeFormat } from './image-format.ts';
import type { ImageFormat } from './image-format.ts';

const supportedNames = 'JPEG, PNG, WebP, GIF, TIFF or AVIF';

/** Larger files are not read at all. */
export const maximumFileBytes = 512e6;

/** Why a file is not a usable picture; stands in the error's detail as `reason`. */
export type RefusalReason = 'empty' | 'unsupported-format' | 'truncated' | 'damaged' | 'too-large';

/** The format of a file that may be decoded. Throws an AppError for an empty file and for every other format. */
export function requireSupportedFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) {
    throw refusal('damaged-file', 'empty', 'The file is empty: copy it again from where it came from');
  }
  const recognized = recognizeFormat(bytes);
  if (recognized.type === 'supported') return recognized.format;
  const message =
    recognized.type === 'refused'
      ? `${recognized.name} files cannot be read: save the picture as ${supportedNames}`
      : `This is not a picture in a known format: save it as ${supportedNames}`;
  throw refusal('unsupported', 'unsupported-format', message);
}

/** Says what is wrong with a file that the decoder gave up on. */
export function explainDecoderError(error: unknown, bytes: Uint8Array, format: ImageFormat): AppError {
  const decoderMessage = error instanceof Error ? error.message : String(error);
  const name = imageFormatNames[format];
  const options = { cause: error, decoderMessage };
  const expected = declaredLength(bytes, format);
  // A damaged length can claim gigabytes: that is no statement about how much was lost.
  if (expected !== null && expected > bytes.length && expected <= maximumFileBytes) {
    const message =
      `The ${name} file is cut off: ${bytes.length} of at least ${expected} bytes are there. ` +
      'Copy it again from where it came from';
    return refusal('damaged-file', 'truncated', message, options);
  }
  if (/premature end|unexpected end|end of file|insufficient input/i.test(decoderMessage)) {
    const message = `The ${name} file is cut off: its end is missing. Copy it again from where it came from`;
    return refusal('damaged-file', 'truncated', message, options);
  }
  // "Unsupported image format" is what libvips says of a known signature with a broken header behind it.
  if (/unsupported (?!image format)|not supported|operation is blocked/i.test(decoderMessage)) {
    const message = `This kind of ${name} file cannot be read: save the picture as PNG or JPEG`;
    return refusal('unsupported', 'unsupported-format', message, options);
  }
  const message = `The ${name} file is damaged: open it in a picture editor and save it again, or leave it out`;
  return refusal('damaged-file', 'damaged', message, options);
}

/** Refuses a picture that would take too much memory once unpacked. */
export function tooLarge(width: number, height: number, maximumPixelCount: number): AppError {
  const message =
    `The picture has ${width} × ${height} pixels, more than ${maximumPixelCount / 1e6} million: ` +
    'save a smaller copy';
  return refusal('unsupported', 'too-large', message);
}

function refusal(
  code: 'damaged-file' | 'unsupported',
  reason: RefusalReason,
  message: string,
  { cause, decoderMessage }: { readonly cause?: unknown; readonly decoderMessage?: string } = {},
): AppError {
  return new AppError(code, message, {
    detail: { reason, ...(decoderMessage !== undefined && { decoderMessage }) },
    ...(cause !== undefined && { cause }),
  });
}
