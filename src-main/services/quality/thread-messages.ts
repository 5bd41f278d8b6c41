import type { AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import type { PictureFacts } from '../../imaging/facts/measure-image.ts';
import type { NearPair, PictureColumns } from './near-pairs.ts';

/** What the threads do, and what each work is answered with. */
export interface ThreadWorks {
  /** Measures the picture in a file. */
  readonly measure: { readonly input: { readonly path: string }; readonly output: PictureFacts };
  /** SHA-256 of a file, in hex. */
  readonly hash: { readonly input: { readonly path: string }; readonly output: string };
  readonly 'near-pairs': { readonly input: PictureColumns; readonly output: readonly NearPair[] };
}

export type ThreadWork = keyof ThreadWorks;

export type ThreadRequest = {
  readonly [W in ThreadWork]: { readonly id: number; readonly work: W; readonly input: ThreadWorks[W]['input'] };
}[ThreadWork];

export type ThreadReply =
  | { readonly id: number; readonly ok: true; readonly output: ThreadWorks[ThreadWork]['output'] }
  | { readonly id: number; readonly ok: false; readonly error: AppErrorShape };
