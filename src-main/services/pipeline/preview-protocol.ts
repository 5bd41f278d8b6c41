import type { AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import type { PixelStatistics } from '../../../src-shared/domain/pipeline/hints.ts';
import type { PictureId } from '../../../src-shared/domain/ids.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { Sentence } from '../../../src-shared/domain/sentence.ts';
import type { StepFacts } from '../../imaging/step.ts';

/** What the preview worker is asked to draw step by step. */
export interface PreviewRequest {
  readonly kind: 'preview';
  readonly id: number;
  /** The image's file. */
  readonly path: string;
  readonly steps: readonly ResolvedStep[];
  readonly seed: number;
}

/** What the preview worker is asked to draw the ends of. */
export interface SamplesRequest {
  readonly kind: 'samples';
  readonly id: number;
  /** The images' files, one draw each. */
  readonly paths: readonly string[];
  readonly steps: readonly ResolvedStep[];
  /** Of the first draw; each further one adds one. */
  readonly seed: number;
}

/** What the preview worker is asked to measure; pictures that cannot be read or run through the steps are left out. */
export interface StatisticsRequest {
  readonly kind: 'statistics';
  readonly id: number;
  readonly paths: readonly string[];
  readonly steps: readonly ResolvedStep[];
}

export type WorkerRequest = PreviewRequest | SamplesRequest | StatisticsRequest;

/** A picture as PNG, perhaps scaled down to look at, or several views of one in a grid; width and height are those of one before that. */
export interface RenderedPicture {
  /** A picture that was rendered for an earlier request comes under the same id again. */
  readonly id: PictureId;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly viewCount: number;
}

export interface RenderedStep {
  readonly stepId: string;
  readonly before: RenderedPicture | null;
  readonly after: RenderedPicture | null;
  readonly draw: StepFacts;
  readonly isLeftOut: boolean;
  readonly error: Sentence | null;
}

export interface RenderedPreview {
  readonly original: RenderedPicture;
  /** One for each step of the request, those in containers included. */
  readonly steps: readonly RenderedStep[];
}

/** An image that cannot be read leaves the others theirs. */
export type RenderedSample =
  { readonly picture: RenderedPicture; readonly error: null } | { readonly picture: null; readonly error: Sentence };

/** What each kind of request is answered with. */
export interface WorkerAnswers {
  readonly preview: RenderedPreview;
  readonly samples: readonly RenderedSample[];
  /** Null where none of the pictures can be measured. */
  readonly statistics: PixelStatistics | null;
}

export type PreviewReply =
  | { readonly id: number; readonly ok: true; readonly result: WorkerAnswers[WorkerRequest['kind']] }
  | { readonly id: number; readonly ok: false; readonly error: AppErrorShape };
