import type { ImageFormat, Split } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import type { LabelList } from './dataset/label-sets.ts';

/** What was measured of one picture, without its sketch; all null for one that could not be read. */
export interface MeasuresRow {
  /** 8 bytes, most significant first. */
  readonly hash: Uint8Array | null;
  readonly brightness: number | null;
  readonly contrast: number | null;
  readonly highlight: number | null;
  readonly shadow: number | null;
  readonly sharpness: number | null;
  readonly colorfulness: number | null;
  /** Milliseconds by the camera's clock. */
  readonly captured_at: number | null;
}

/** All that was measured of one picture. */
export interface FactsRow extends MeasuresRow {
  readonly sketch: Uint8Array | null;
}

/** A picture as near copies are looked for. */
export interface SketchRow {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly sketch: Uint8Array;
}

/** An image that is still to be looked at. */
export interface UnmeasuredImage {
  readonly number: number;
  readonly id: ImageId;
  readonly format: ImageFormat;
}

/** An image with its facts; those of one that was not looked at are null like those of one that could not be read. */
export interface MeasuredImage extends MeasuresRow {
  readonly number: number;
  readonly id: ImageId;
  readonly fileName: string;
  readonly source: string;
  readonly width: number;
  readonly height: number;
  readonly classId: ClassId | null;
  /** In multi-label projects; null for an image that is not labelled. */
  readonly labels: LabelList | null;
  readonly split: Split;
  /** Shared by the images of one burst of the camera page; null for others. */
  readonly burst: string | null;
  /** 1 when it was looked at. */
  readonly isMeasured: 0 | 1;
}

/** A file that is not as it was imported. */
export interface ChangedFileRow {
  readonly imageId: ImageId;
  readonly fileName: string;
  /** A sentence, as JSON. */
  readonly reason: string;
  readonly isLeftOut: 0 | 1;
}
