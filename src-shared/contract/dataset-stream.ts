import * as v from 'valibot';
import { datasetClassSchema, splitRatiosSchema } from '../domain/dataset.ts';
import { datasetEditSchema } from '../domain/dataset-edit.ts';

/*
 * The answer of the byte route `dataset`, and of others that tell something of very many images: frames, one after the other. A
 * frame is two u32 (little endian, like all numbers here), the bytes of its JSON and the bytes of its payload, and then these two.
 * The first frame is the head, without a payload; each further one is a block of images, whose payload holds columns, for a dataset
 * those of src-shared/domain/image-columns.ts:
 *
 *   id          32 bytes an image
 *   text        a u32 an image, its length in bytes of UTF-8, then all texts
 *   dictionary  a u16 an image, the place of its value among `values`
 *   number      one number an image, of the column's type
 */

/** Most images of one block; a u16 numbers them. */
export const mostBlockRows = 16_384;

/** Each column starts at a multiple of this many bytes. */
export const columnAlignment = 8;

/** What is the same for all images, as of one revision. */
export const datasetHeadSchema = v.pipe(
  v.strictObject({
    revision: v.number(),
    /** True: all images follow, in the order in which they came in. False: those that changed since the revision asked for. */
    isWhole: v.boolean(),
    /** Images in the dataset, of which those that came in meanwhile may follow, too. */
    imageCount: v.number(),
    classes: v.pipe(v.array(datasetClassSchema), v.readonly()),
    splitRatios: splitRatiosSchema,
    /** What undo and redo would do next, in the words of `edit`; null when there is nothing. */
    undo: v.nullable(datasetEditSchema),
    redo: v.nullable(datasetEditSchema),
  }),
  v.readonly(),
);
export type DatasetHead = v.InferOutput<typeof datasetHeadSchema>;

export const blockHeaderSchema = v.pipe(
  v.strictObject({
    rowCount: v.pipe(v.number(), v.maxValue(mostBlockRows)),
    columns: v.record(
      v.string(),
      v.strictObject({
        /** In bytes, from the start of the payload. */
        start: v.number(),
        length: v.number(),
        values: v.optional(v.array(v.nullable(v.string()))),
      }),
    ),
  }),
  v.readonly(),
);
export type BlockHeader = v.InferOutput<typeof blockHeaderSchema>;

/** One column of one block, as it travelled. */
export interface BlockColumn {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly values: readonly (string | null)[];
}

/** Some images, column by column. */
export interface ImageBlock {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, BlockColumn>;
}
