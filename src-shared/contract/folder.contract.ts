import * as v from 'valibot';
import { folderTokenSchema } from '../domain/ids.ts';
import { command } from './define.ts';

export const folderEntrySchema = v.pipe(
  v.strictObject({
    token: folderTokenSchema,
    name: v.string(),
    /** Images inside, however deep, as far as they were counted. */
    imageCount: v.number(),
    /** There may be more images than were counted. */
    hasMore: v.boolean(),
    isProject: v.boolean(),
    /** Has a model.json, as a TF.js Layers model does. */
    isModel: v.boolean(),
    /** A zip archive: a file that can be imported as if it were a folder. */
    isArchive: v.boolean(),
  }),
  v.readonly(),
);
export type FolderEntry = v.InferOutput<typeof folderEntrySchema>;

/** A listed folder of the machine that core runs on. */
export const folderListingSchema = v.pipe(
  v.strictObject({
    token: folderTokenSchema,
    /** For people to read. */
    path: v.string(),
    name: v.string(),
    parent: v.nullable(folderTokenSchema),
    folders: v.pipe(v.array(folderEntrySchema), v.readonly()),
    /** Images inside, however deep, as far as they were counted. */
    imageCount: v.number(),
    /** There may be more images than were counted. */
    hasMore: v.boolean(),
    isProject: v.boolean(),
    isModel: v.boolean(),
    isArchive: v.literal(false),
    places: v.pipe(
      v.array(v.pipe(v.strictObject({ token: folderTokenSchema, name: v.string() }), v.readonly())),
      v.readonly(),
    ),
    host: v.string(),
  }),
  v.readonly(),
);
export type FolderListing = v.InferOutput<typeof folderListingSchema>;

export const folderContract = {
  'folder.list': command('Look into a folder of the machine that core runs on; null is the person’s home', {
    input: v.strictObject({ folder: v.nullable(folderTokenSchema) }),
    output: folderListingSchema,
  }),
  /** The one place where a typed path comes in: the person names a folder of their own machine in the chooser. */
  'folder.find': command('Look into the folder with this path', {
    input: v.strictObject({ path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)) }),
    output: folderListingSchema,
  }),
} as const;
