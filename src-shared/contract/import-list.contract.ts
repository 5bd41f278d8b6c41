import * as v from 'valibot';
import { classSeparatorSchema } from '../domain/class-list.ts';
import { folderTokenSchema, projectIdSchema } from '../domain/ids.ts';
import { command } from './define.ts';
import { importJobSchema, skippedFileSchema, uploadBatchIdSchema } from './import.contract.ts';

export const listEncodingSchema = v.picklist(['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252']);
export type ListEncoding = v.InferOutput<typeof listEncodingSchema>;

export const listDelimiterSchema = v.picklist([',', '\t', ';', '|', ' ']);
export type ListDelimiter = v.InferOutput<typeof listDelimiterSchema>;

const columnSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000));

/** How a list is read: how it is written, and which of its columns says what, from 0. */
export const listReadingSchema = v.pipe(
  v.strictObject({
    encoding: listEncodingSchema,
    /** Null: one JSON object a line, whose keys are the columns. */
    delimiter: v.nullable(listDelimiterSchema),
    /** The first line names the columns. */
    hasHeader: v.boolean(),
    file: columnSchema,
    class: v.nullable(columnSchema),
    split: v.nullable(columnSchema),
    /** In multi-label projects: what stands between the classes of an image; null or left out: nothing, or JSON lists. */
    classSeparator: v.optional(v.nullable(classSeparatorSchema)),
  }),
  v.readonly(),
);
export type ListReading = v.InferOutput<typeof listReadingSchema>;

/** A list of labels: where it is. */
export const listSourceSchema = v.variant('kind', [
  /** A file of the machine that core runs on. */
  v.strictObject({ kind: v.literal('chosen'), list: folderTokenSchema }),
  /** A file of an upload batch, by its place in it; the other files of the batch lie beside it. */
  v.strictObject({
    kind: v.literal('uploaded'),
    batch: uploadBatchIdSchema,
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  }),
]);
export type ListSource = v.InferOutput<typeof listSourceSchema>;

/** What a list is and what an import of it would do. */
export const listPreviewSchema = v.pipe(
  v.strictObject({
    name: v.string(),
    /** A table's columns can be chosen; COCO says itself what is what. */
    format: v.picklist(['table', 'coco']),
    reading: listReadingSchema,
    /** Names of the columns as the first line or the keys have them, else null. */
    columns: v.pipe(v.array(v.nullable(v.string())), v.readonly()),
    rowCount: v.number(),
    /** The first rows, at most 20; `line` counts from 1. */
    rows: v.pipe(
      v.array(
        v.pipe(v.strictObject({ line: v.number(), cells: v.pipe(v.array(v.string()), v.readonly()) }), v.readonly()),
      ),
      v.readonly(),
    ),
    /** Rows whose file was found, whose image the project has (by its name), and that lead to neither. */
    found: v.number(),
    known: v.number(),
    missing: v.number(),
    withoutClass: v.number(),
    classes: v.pipe(
      v.array(v.pipe(v.strictObject({ name: v.string(), count: v.number(), isNew: v.boolean() }), v.readonly())),
      v.readonly(),
    ),
    /** What is wrong with rows, at most 200 of them. */
    problems: v.pipe(v.array(skippedFileSchema), v.readonly()),
    problemCount: v.number(),
  }),
  v.readonly(),
);
export type ListPreview = v.InferOutput<typeof listPreviewSchema>;

const ofList = {
  projectId: projectIdSchema,
  source: listSourceSchema,
  /** Where its files are; null: beside the list, and in what the project has. */
  images: v.nullable(folderTokenSchema),
};

export const importListContract = {
  'import.inspectList': command('Look into a list of labels: CSV, TSV, JSON lines, COCO or ImageNet’s lists', {
    input: v.strictObject({ ...ofList, /** Null: guessed. */ reading: v.nullable(listReadingSchema) }),
    output: listPreviewSchema,
  }),
  'import.startList': command(
    'Import the images of a list with its labels; images that are there get them, as one edit',
    {
      input: v.strictObject({
        ...ofList,
        reading: listReadingSchema,
        /** False: images of classes that the project lacks come in without a label, and are reported. */
        addsClasses: v.boolean(),
      }),
      output: importJobSchema,
    },
  ),
} as const;
