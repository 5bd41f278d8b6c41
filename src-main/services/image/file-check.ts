import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ImageId } from '../../../src-shared/domain/ids.ts';

/** An image's file, and the SHA-256 that its bytes had when it came in. */
export interface CheckedFile {
  readonly imageId: ImageId;
  readonly path: string;
}

/** Files that are read at the same time. */
const lanes = 4;

/**
 * Finds images whose files are not what they were when they came in, or are gone: a decoder takes most flipped bits for a picture.
 *
 * A file that was found whole is read again only when its size or one of its times changed, so a second check of the same images
 * takes microseconds a file; the first reads all bytes.
 */
export class FileCheck {
  readonly #whole = new Map<string, string>();

  /** The ids of those that changed, in the order given. Rejects with the signal's reason. */
  async findChanged(files: readonly CheckedFile[], signal: AbortSignal): Promise<readonly ImageId[]> {
    const changed = new Set<ImageId>();
    const queue = files.values();
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (const file of queue) {
          signal.throwIfAborted();
          if (!(await this.#isWhole(file))) changed.add(file.imageId);
        }
      }),
    );
    return files.map(({ imageId }) => imageId).filter((imageId) => changed.has(imageId));
  }

  async #isWhole({ imageId, path }: CheckedFile): Promise<boolean> {
    try {
      const { size, mtimeMs, ctimeMs, ino } = await stat(path);
      const look = `${imageId} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
      if (this.#whole.get(path) === look) return true;
      if ((await hashFile(path)) !== imageId) return false;
      this.#whole.set(path, look);
      return true;
    } catch {
      // A file that cannot be read cannot be trained on either, whatever the reason.
      return false;
    }
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Uint8Array);
  return hash.digest('hex');
}
