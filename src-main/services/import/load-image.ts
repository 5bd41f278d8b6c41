import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { imageIdSchema, type ImageId } from '../../../src-shared/domain/ids.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import { readCaptureInfo } from '../../imaging/capture-info.ts';
import { requireSupportedFormat } from '../../imaging/decode-errors.ts';
import { decodeImage } from '../../imaging/decode.ts';
import { fileError } from '../../storage/file-error.ts';
import type { ImportedImage } from '../../storage/import-rows.ts';
import type { FoundFile } from './found-file.ts';

export type LoadedFile =
  | { readonly kind: 'image'; readonly image: ImportedImage; readonly bytes: Uint8Array }
  | { readonly kind: 'duplicate'; readonly id: ImageId; readonly sizeBytes: number }
  | { readonly kind: 'skipped'; readonly reason: Sentence };

/**
 * Reads a file once, knows it by its content and unpacks it wholly: what comes in can be trained on.
 *
 * `isKnown` says whether the project has the content already; such a file is not unpacked again, nor read where its content is known.
 */
export async function loadImage(file: FoundFile, isKnown: (id: ImageId) => boolean): Promise<LoadedFile> {
  const { contentId } = file;
  if (contentId !== undefined && isKnown(contentId)) return { kind: 'duplicate', id: contentId, sizeBytes: 0 };
  try {
    const bytes = await file.content.read();
    const id = v.parse(imageIdSchema, createHash('sha256').update(bytes).digest('hex'));
    if (contentId !== undefined && contentId !== id) throw new AppError('damaged-file', say('otherImageChanged'));
    const sizeBytes = bytes.byteLength;
    if (isKnown(id)) return { kind: 'duplicate', id, sizeBytes };
    const format = requireSupportedFormat(bytes);
    const { width, height } = await decodeImage(bytes);
    const capture = await readCaptureInfo(bytes);
    const { fileName, source, className, classNames, givenSplit } = file;
    const labels = { className, ...(classNames !== undefined && { classNames }) };
    return {
      kind: 'image',
      bytes,
      image: { id, fileName, source, format, width, height, sizeBytes, ...labels, givenSplit, ...capture },
    };
  } catch (error) {
    const told = fileError(error, say('doingReadFile'), file.content.path ?? file.source);
    if (told instanceof AppError) return { kind: 'skipped', reason: told.sentence };
    throw told;
  }
}
