import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import {
  classColorSchema,
  classDescriptionSchema,
  classNameSchema,
} from '../../../../src-shared/domain/class-details.ts';
import { imageFormatSchema, splitSchema } from '../../../../src-shared/domain/dataset.ts';
import { classIdSchema, imageIdSchema } from '../../../../src-shared/domain/ids.ts';
import { imageMarkSchema, tagSchema } from '../../../../src-shared/domain/image-mark.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import type { ImportedClass } from '../../../storage/dataset/image-intake.ts';
import { openDatabaseCopy } from '../../../storage/database-copy.ts';
import type { Cell, ReadColumns } from '../../../storage/image-reader.ts';
import type { ProjectDatabase } from '../../../storage/project-database.ts';
import { projectPaths, type ProjectPaths } from '../../../storage/project-paths.ts';
import { readProjectFile } from '../../project/project-file.ts';

/** What another project's database says is checked like any file that comes from elsewhere. */
const rowSchema = v.strictObject({
  id: imageIdSchema,
  fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  folder: v.pipe(v.string(), v.maxLength(4096)),
  otherSource: v.pipe(v.string(), v.maxLength(8192)),
  format: imageFormatSchema,
  classId: v.nullable(classIdSchema),
  split: splitSchema,
  mark: v.nullable(imageMarkSchema),
  tags: v.array(tagSchema),
});

/** An image of another project. */
export interface OtherImage extends Pick<
  v.InferOutput<typeof rowSchema>,
  'id' | 'fileName' | 'format' | 'split' | 'mark' | 'tags'
> {
  readonly source: string;
  readonly className: string | null;
}

/** All that can be taken over from another project, read at one moment. */
export interface OtherProject {
  readonly name: string;
  readonly paths: ProjectPaths;
  readonly classes: readonly ImportedClass[];
  /** In the order in which they came in there, without those in its trash. */
  readonly images: readonly OtherImage[];
}

/**
 * Reads the project in this folder, which stays as it is: also while it is open elsewhere, and one that an older Graft made.
 * Images whose rows nobody could have written are passed over.
 *
 * Throws AppError 'not-found', 'unsupported' (made by a newer Graft, or multi-label), 'no-access' or 'damaged-file', and the signal's reason.
 */
export async function readOtherProject(root: string, signal: AbortSignal): Promise<OtherProject> {
  const paths = projectPaths(root);
  const { name, labelling } = await readProjectFile(paths);
  if (labelling === 'multi-label') throw new AppError('unsupported', say('otherIsMultiLabel', { project: name }));
  const database = await openDatabaseCopy(paths.database);
  try {
    const { classes } = database.dataset.readHead();
    const names = new Map(
      classes.flatMap((one) => {
        const parsed = v.safeParse(classNameSchema, one.name.normalize('NFC'));
        return parsed.success ? [[one.id, parsed.output] as const] : [];
      }),
    );
    const images = await readImages(database, names, signal);
    return {
      name,
      paths,
      images,
      classes: classes.flatMap(({ id, description, color, isColorChosen }) => {
        const className = names.get(id);
        if (className === undefined) return [];
        return [{ name: className, ...checkedDetails(description, isColorChosen ? color : null) }];
      }),
    };
  } finally {
    database.close();
  }
}

function checkedDetails(description: string, color: number | null): Pick<ImportedClass, 'description' | 'color'> {
  const text = v.safeParse(classDescriptionSchema, description);
  const number = v.safeParse(v.nullable(classColorSchema), color);
  return { description: text.success ? text.output : '', color: number.success ? number.output : null };
}

async function readImages(
  { images: reader }: ProjectDatabase,
  classNames: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<readonly OtherImage[]> {
  const images: OtherImage[] = [];
  for (let last = 0; ;) {
    signal.throwIfAborted();
    const block = reader.after(last);
    if (block.rowCount === 0) return images;
    for (let row = 0; row < block.rowCount; row += 1) {
      const parsed = v.safeParse(rowSchema, rowOf(block.columns, row));
      if (parsed.success) images.push(toImage(parsed.output, classNames));
    }
    last = block.last;
    await setImmediate();
  }
}

function rowOf(columns: ReadColumns, row: number): Readonly<Record<string, unknown>> {
  const cell = (name: Parameters<ReadColumns['get']>[0]): Cell => columns.get(name)?.[row] ?? null;
  const tags = cell('tags');
  return {
    id: cell('id'),
    fileName: cell('fileName'),
    folder: cell('folder'),
    otherSource: cell('otherSource'),
    format: cell('format'),
    classId: cell('classId'),
    split: cell('split'),
    mark: cell('mark'),
    tags: typeof tags === 'string' ? tags.split('\n') : [],
  };
}

function toImage(
  { folder, otherSource, classId, ...row }: v.InferOutput<typeof rowSchema>,
  classNames: ReadonlyMap<string, string>,
): OtherImage {
  const below = folder === '' ? row.fileName : `${folder}/${row.fileName}`;
  return {
    ...row,
    source: otherSource === '' ? below : otherSource,
    className: classId === null ? null : (classNames.get(classId) ?? null),
  };
}
