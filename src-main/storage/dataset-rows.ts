import type { DatasetImage, ImageFormat, Split, SplitRatios } from '../../src-shared/domain/dataset.ts';
import type { DatasetEdit, EditBy, EditKind } from '../../src-shared/domain/dataset-edit.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { parseLabels, type LabelList } from './dataset/label-sets.ts';

/** An image as the import found it, before it has a number and a class id. */
export interface NewImage {
  readonly id: ImageId;
  readonly fileName: string;
  /** Path below the imported folder, forward slashes. */
  readonly source: string;
  readonly format: ImageFormat;
  /** In pixels, after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  /** The class folder; null for images that lie in none. Made when there is no such class. */
  readonly className: string | null;
  /** The split folder; null for images that lie in none. */
  readonly givenSplit: Split | null;
  /** In multi-label projects: the names of all its classes; null for an image that is not labelled. `className` is null there. */
  readonly classNames?: readonly string[] | null;
}

/** An image that the share-out may place: it did not come in a validation or test folder. */
export interface PoolImage {
  readonly id: ImageId;
  /** In multi-label projects the rarest of its classes: each class then gets its share, the rare ones first. */
  readonly classId: ClassId | null;
  readonly split: Split;
  /** True when an earlier share-out placed it. */
  readonly isSharedOut: boolean;
  /** True when it came in a training folder: it may be held out, but is not pulled out by what it looks like. */
  readonly isGiven: boolean;
}

/** What a share-out has to do with. */
export interface SharePool {
  readonly images: readonly PoolImage[];
  /** The splits that came in folders. */
  readonly given: ReadonlySet<Split>;
  /** The images that came in validation and test folders. */
  readonly fixed: ReadonlyMap<ImageId, Split>;
}

/** The columns of `images` that a dataset shows. */
export interface ImageRow {
  readonly id: ImageId;
  readonly file_name: string;
  readonly source: string;
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly size_bytes: number;
  readonly class_id: ClassId | null;
  readonly labels: LabelList | null;
  readonly split: Split;
}

/** The one row of `dataset`. */
export interface DatasetRow {
  readonly revision: number;
  readonly next_class: number;
  readonly validation_ratio: number;
  readonly test_ratio: number;
  readonly seed: number;
}

/** A row of `edits`; what it changed stands in the tables `edit_…`. */
export interface EditRow {
  readonly id: number;
  readonly kind: EditKind;
  readonly at: string;
  readonly by: EditBy;
  readonly image_count: number;
  /** For people: the class that it was about, as it was called then. */
  readonly class_name: string | null;
  readonly detail: string | null;
  readonly ratios_before: string | null;
  readonly ratios_after: string | null;
}

export function toImage(row: ImageRow): DatasetImage {
  return {
    id: row.id,
    fileName: row.file_name,
    source: row.source,
    format: row.format,
    width: row.width,
    height: row.height,
    sizeBytes: row.size_bytes,
    classId: row.class_id,
    split: row.split,
    ...(row.labels === null ? {} : { classIds: parseLabels(row.labels) }),
  };
}

export function toRatios(row: DatasetRow): SplitRatios {
  return { validation: row.validation_ratio, test: row.test_ratio, seed: row.seed };
}

export function toEdit(row: EditRow): DatasetEdit {
  const { kind, by, at, detail } = row;
  return { kind, by, imageCount: row.image_count, className: row.class_name, detail, at };
}
