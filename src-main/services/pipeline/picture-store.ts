import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { PictureId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { RecentlyUsed } from '../../../src-shared/lib/recently-used.ts';

const defaultLimitBytes = 96e6;

/** Rendered pictures (PNG), kept in memory for the page to fetch by id; the ones not asked for longest go first. */
export class PictureStore {
  readonly #pictures: RecentlyUsed<PictureId, Uint8Array>;

  constructor(limitBytes = defaultLimitBytes) {
    this.#pictures = new RecentlyUsed(limitBytes);
  }

  /** The bytes under an id never change. */
  add(id: PictureId, png: Uint8Array): void {
    this.#pictures.set(id, png, png.byteLength);
  }

  /** Throws AppError 'not-found' for one that is gone. */
  get(id: PictureId): Uint8Array {
    const png = this.#pictures.get(id);
    if (!png) throw new AppError('not-found', say('previewGone'), { retry: true });
    return png;
  }
}
