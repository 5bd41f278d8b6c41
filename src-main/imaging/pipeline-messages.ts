import type { AppErrorShape } from '../../src-shared/contract/app-error.ts';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import type { PictureSeed } from './step.ts';

/** While one picture is being unpacked by libvips' thread, a worker can transform another. */
export const picturesAtOnce = 2;

/** One picture to read and run through a pipeline. */
export interface ImageTask {
  /** The hash of its content, which names what is kept of it. */
  readonly imageId: ImageId;
  readonly path: string;
  /** Decides every draw for this picture: the same path, steps and seed give the same numbers. */
  readonly seed: PictureSeed;
}

/** What became of one picture. */
export type ImageResult =
  | {
      readonly status: 'done';
      /** Of each view. */
      readonly width: number;
      readonly height: number;
      /** height × width × 3 numbers of each view in that order; batches of them in a row are NHWC. */
      readonly data: Float32Array<ArrayBuffer>;
      /** What was written so that the next time is faster; null where it could not be. */
      readonly keptBytes: number | null;
    }
  | { readonly status: 'failed'; readonly path: string; readonly error: AppErrorShape };

/** Where small pictures are kept that the first steps of one pipeline make. */
export interface KeptFolder {
  readonly folder: string;
  readonly mayWrite: boolean;
}

/** What is to be done with one picture. */
export interface PictureWork {
  readonly task: ImageTask;
  readonly steps: readonly ResolvedStep[];
  /** Null keeps nothing. */
  readonly keep: KeptFolder | null;
}

/** Pool to worker. */
export interface WorkerRequest extends PictureWork {
  readonly id: number;
}

/** Pool to worker: memory of results that were used up, to be used again. */
export interface WorkerSpares {
  readonly spares: readonly Float32Array<ArrayBuffer>[];
}

/** Worker to pool; `id` is the request's. */
export interface WorkerReply {
  readonly id: number;
  readonly result: ImageResult;
}
