import * as v from 'valibot';
import { listReadingSchema } from '../../../src-shared/contract/import-list.contract.ts';
import { takeoverSchema } from '../../../src-shared/contract/import-project.contract.ts';
import { splitRatiosSchema } from '../../../src-shared/domain/dataset.ts';

/** What an import is to do, as it is kept in the project until the import has ended. */
const importRequestSchema = v.pipe(
  v.strictObject({
    version: v.literal(1),
    /** Folders, archives and files, absolute. */
    roots: v.pipe(v.array(v.string()), v.readonly()),
    /** A folder of uploaded files that goes when the import has ended; null when the roots are the person's own. */
    upload: v.nullable(v.string()),
    /** Null keeps the project's. */
    ratios: v.nullable(splitRatiosSchema),
    /** A list that says which files and what they are; then the roots are where its files may be. Null: folders say it. */
    list: v.optional(
      v.nullable(
        v.pipe(
          v.strictObject({ path: v.string(), reading: listReadingSchema, addsClasses: v.boolean() }),
          v.readonly(),
        ),
      ),
      null,
    ),
    /** Only files that came to the roots since they were imported last. */
    onlyNew: v.optional(v.boolean(), false),
    /** The class of files that lie in no class folder; null: none. */
    className: v.optional(v.nullable(v.string()), null),
    /** Another project that images are taken over from, instead of the roots. */
    project: v.optional(
      v.nullable(v.pipe(v.strictObject({ root: v.string(), takeover: takeoverSchema }), v.readonly())),
      null,
    ),
  }),
  v.readonly(),
);
export type ImportRequest = v.InferOutput<typeof importRequestSchema>;

/** What a request has when it asks for nothing in particular. */
export const noRequest: ImportRequest = {
  version: 1,
  roots: [],
  upload: null,
  ratios: null,
  list: null,
  className: null,
  onlyNew: false,
  project: null,
};

/** Null for what this Graft cannot go on with. */
export function readRequest(json: string | null): ImportRequest | null {
  if (json === null) return null;
  const parsed = v.safeParse(importRequestSchema, JSON.parse(json));
  return parsed.success ? parsed.output : null;
}
