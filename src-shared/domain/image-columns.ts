import * as v from 'valibot';
import { imageFormatSchema, splitSchema } from './dataset.ts';
import { classIdSchema } from './ids.ts';
import { imageMarkSchema } from './image-mark.ts';

/** Few different values among many images: each block says them once and refers to them by number. */
export interface DictionarySpec<Value extends string | null> {
  readonly kind: 'dictionary';
  readonly values: v.GenericSchema<unknown, Value>;
}

/** One number an image; `type` is how it travels and is kept. */
export interface NumberSpec {
  readonly kind: 'number';
  readonly type: 'u8' | 'u16' | 'u32' | 'f32' | 'f64';
}

export type ImageColumnSpec =
  { readonly kind: 'id' } | { readonly kind: 'text' } | NumberSpec | DictionarySpec<string | null>;

/**
 * What a page knows of every image, column by column. A further column is an entry here, its SQL in
 * src-main/storage/image-column-sql.ts and its store in src-renderer/state/table/image-table.ts; the compiler asks for both.
 */
export const imageColumns = {
  /** SHA-256 of the file, 32 bytes. */
  id: { kind: 'id' },
  fileName: { kind: 'text' },
  /** Where it came from when that is not `folder/fileName`; else empty. */
  otherSource: { kind: 'text' },
  /** The folder below the imported one, without a slash at the end; empty for the imported folder itself. */
  folder: dictionary(v.string()),
  format: dictionary(imageFormatSchema),
  /** In pixels, after EXIF orientation. */
  width: { kind: 'number', type: 'u32' },
  height: { kind: 'number', type: 'u32' },
  sizeBytes: { kind: 'number', type: 'f64' },
  /** Milliseconds since 1970. */
  addedAt: { kind: 'number', type: 'f64' },
  classId: dictionary(v.nullable(classIdSchema)),
  /** In multi-label projects all classes of the image as a sorted JSON list of ids, `[]` for none of them; null: not labelled. */
  labels: dictionary(v.nullable(v.string())),
  split: dictionary(splitSchema),
  mark: dictionary(v.nullable(imageMarkSchema)),
  /** All tags of the image, sorted, a line each; null without any. */
  tags: dictionary(v.nullable(v.string())),
} as const satisfies Readonly<Record<string, ImageColumnSpec>>;

export type ImageColumnName = keyof typeof imageColumns;

/** A column of few different values. */
export function dictionary<Value extends string | null>(
  values: v.GenericSchema<unknown, Value>,
): DictionarySpec<Value> {
  return { kind: 'dictionary', values };
}
