import type { AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import type { PixelStatistics } from '../../../src-shared/domain/pipeline/hints.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { Sentence } from '../../../src-shared/domain/sentence.ts';
import type { StepFacts } from '../../imaging/step.ts';

/** What the preview worker is asked to draw. */
export interface PreviewRequest {
  readonly kind: 'preview';
  readonly id: number;
  /** The image's file. */
  readonly path: string;
  readonly steps: readonly ResolvedStep[];
  readonly seed: number;
  readonly sampleCount: number;
}

/** What the preview worker is asked to measure; pictures that cannot be read or run through the steps are left out. */
export interface StatisticsRequest {
  readonly kind: 'statistics';
  readonly id: number;
  readonly paths: readonly string[];
  readonly steps: readonly ResolvedStep[];
}

/** A picture as PNG, perhaps scaled down to look at; width and height are those before that. */
export interface RenderedPicture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
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
  readonly samples: readonly RenderedPicture[];
}

export type PreviewReply =
  | { readonly id: number; readonly ok: true; readonly result: RenderedPreview | PixelStatistics | null }
  | { readonly id: number; readonly ok: false; readonly error: AppErrorShape };
