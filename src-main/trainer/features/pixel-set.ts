import { createHash } from 'node:crypto';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { stableJson } from '../../../src-shared/lib/stable-json.ts';
import type { KeptFolder } from '../../imaging/pipeline-messages.ts';

/** Raise when the files, the decoder or the meaning of a step change: old files are then left unread. */
const formatVersion = 1;
/** Both sides of a flip, and pictures that are longer than the network's square. */
const picturesPerImage = 4;

/** The small pictures that one pipeline's first steps make, a file an image in a folder that grows up to a bound. */
export class PixelSet {
  readonly #folder: string;
  #freeBytes: number;

  constructor(folder: string, freeBytes: number) {
    this.#folder = folder;
    this.#freeBytes = freeBytes;
  }

  get keep(): KeptFolder {
    return { folder: this.#folder, mayWrite: this.#freeBytes > 0 };
  }

  grew(bytes: number): void {
    this.#freeBytes -= bytes;
  }
}

/** The name of the folder for these steps; they alone decide what becomes of a picture. */
export function pixelSetName(kept: readonly ResolvedStep[]): string {
  const steps = kept.map(({ kind, parameters }) => ({ kind, parameters }));
  const hash = createHash('sha256').update(stableJson({ formatVersion, steps }));
  return `pixels-${hash.digest('hex')}`;
}

/** About what is kept of one image for a network with this input size. */
export function keptPictureBytes(inputSize: number): number {
  return inputSize * inputSize * 3 * picturesPerImage;
}
