import { createHash } from 'node:crypto';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { stableJson } from '../../../src-shared/lib/stable-json.ts';
import { cutSteps } from '../../imaging/kept-steps.ts';
import type { KeptFolder } from '../../imaging/pipeline-messages.ts';
import { mayShrinkOnLoad } from '../../imaging/shrink-on-load.ts';

/** Raise when the files, the decoder or the meaning of a step change: old files are then left unread. */
const formatVersion = 2;

/** How far a set may grow. */
export interface PixelRoom {
  /** More than this is never written. */
  readonly freeBytes: number;
  /** Of those, what fits while nothing else is let go. */
  readonly roomBytes: number;
  /** Lets go what was not used for long, and answers what fits then. */
  readonly makeRoom: () => Promise<number>;
}

/** The small pictures that one pipeline's first steps make, a file an image in a folder that grows up to a bound. */
export class PixelSet {
  readonly #folder: string;
  readonly #makeRoom: PixelRoom['makeRoom'];
  #freeBytes: number;
  #roomBytes: number;

  constructor(folder: string, { freeBytes, roomBytes, makeRoom }: PixelRoom) {
    this.#folder = folder;
    this.#makeRoom = makeRoom;
    this.#freeBytes = freeBytes;
    this.#roomBytes = roomBytes;
  }

  get keep(): KeptFolder {
    return { folder: this.#folder, mayWrite: this.#freeBytes > 0 };
  }

  /** Takes note of what was written; null for a picture that could not be, after which none is tried any more. */
  async grew(bytes: number | null): Promise<void> {
    this.#freeBytes = bytes === null ? 0 : this.#freeBytes - bytes;
    this.#roomBytes -= bytes ?? 0;
    if (this.#roomBytes >= 0 || !bytes) return;
    this.#roomBytes = await this.#makeRoom();
    if (this.#roomBytes <= 0) this.#freeBytes = 0;
  }
}

/** The name of the folder for what a list of steps keeps: the steps before its cut, and whether pictures may be decoded smaller for it. */
export function pixelSetName(list: readonly ResolvedStep[]): string {
  const isShrunkOnLoad = mayShrinkOnLoad(list);
  const steps = cutSteps(list).kept.map(({ kind, parameters }) => ({ kind, parameters }));
  const hash = createHash('sha256').update(stableJson({ formatVersion, isShrunkOnLoad, steps }));
  return `pixels-${hash.digest('hex')}`;
}
