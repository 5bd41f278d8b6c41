import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { pictureIdSchema, type PictureId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

const defaultLimitBytes = 96e6;

/** Rendered pictures (PNG), kept in memory for the page to fetch by id; the ones not asked for longest go first. */
export class PictureStore {
  readonly #limitBytes: number;
  /** A Map keeps the order of insertion: oldest first. */
  readonly #pictures = new Map<PictureId, Uint8Array>();
  #totalBytes = 0;

  constructor(limitBytes = defaultLimitBytes) {
    this.#limitBytes = limitBytes;
  }

  add(png: Uint8Array): PictureId {
    const id = v.parse(pictureIdSchema, randomBytes(18).toString('base64url'));
    this.#pictures.set(id, png);
    this.#totalBytes += png.byteLength;
    for (const [oldest, bytes] of this.#pictures) {
      if (this.#totalBytes <= this.#limitBytes || oldest === id) break;
      this.#pictures.delete(oldest);
      this.#totalBytes -= bytes.byteLength;
    }
    return id;
  }

  /** Throws AppError 'not-found' for one that is gone. */
  get(id: PictureId): Uint8Array {
    const png = this.#pictures.get(id);
    if (!png) throw new AppError('not-found', say('previewGone'), { retry: true });
    this.#pictures.delete(id);
    this.#pictures.set(id, png);
    return png;
  }
}
