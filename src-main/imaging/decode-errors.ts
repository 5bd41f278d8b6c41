import { AppError } from '../../src-shared/contract/app-error.ts';
import { say, type NamedSentence } from '../../src-shared/domain/sentence.ts';
import { declaredLength, imageFormatNames, recognizeFormat } from './image-format.ts';
import type { ImageFormat } from './image-format.ts';

/** Larger files are not read at all. */
export const maximumFileBytes = 512e6;

/** Why a file is not a usable picture; stands in the error's detail as `reason`. */
export type RefusalReason = 'empty' | 'unsupported-format' | 'truncated' | 'damaged' | 'too-large';

/** The format of a file that may be decoded. Throws an AppError for an empty file and for every other format. */
export function requireSupportedFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) {
    throw refusal('damaged-file', 'empty', say('fileEmpty'));
  }
  const recognized = recognizeFormat(bytes);
  if (recognized.type === 'supported') return recognized.format;
  const message =
    recognized.type === 'refused' ? say('formatRefused', { format: recognized.name }) : say('formatUnknown');
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
    const message = say('fileCutAt', { format: name, present: bytes.length, expected });
    return refusal('damaged-file', 'truncated', message, options);
  }
  if (/premature end|unexpected end|end of file|insufficient input/i.test(decoderMessage)) {
    const message = say('fileCut', { format: name });
    return refusal('damaged-file', 'truncated', message, options);
  }
  // "Unsupported image format" is what libvips says of a known signature with a broken header behind it.
  if (/unsupported (?!image format)|not supported|operation is blocked/i.test(decoderMessage)) {
    const message = say('variantRefused', { format: name });
    return refusal('unsupported', 'unsupported-format', message, options);
  }
  const message = say('fileDamaged', { format: name });
  return refusal('damaged-file', 'damaged', message, options);
}

/** Refuses a picture that would take too much memory once unpacked. */
export function tooLarge(width: number, height: number, maximumPixelCount: number): AppError {
  const message = say('tooManyPixels', { width, height, most: maximumPixelCount / 1e6 });
  return refusal('unsupported', 'too-large', message);
}

function refusal(
  code: 'damaged-file' | 'unsupported',
  reason: RefusalReason,
  message: NamedSentence,
  { cause, decoderMessage }: { readonly cause?: unknown; readonly decoderMessage?: string } = {},
): AppError {
  return new AppError(code, message, {
    detail: { reason, ...(decoderMessage !== undefined && { decoderMessage }) },
    ...(cause !== undefined && { cause }),
  });
}
