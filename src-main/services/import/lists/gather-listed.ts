import type { Labelling } from '../../../../src-shared/domain/labelling.ts';
import type { ProjectDatabase } from '../../../storage/project-database.ts';
import { meetFiles, type Gathering } from '../gather-files.ts';
import type { ImportRequest } from '../import-request.ts';
import { openList, type OpenList } from './open-list.ts';
import { resolveList, type KnownImage, type ResolvedList } from './resolve-list.ts';

export interface ListRequest {
  readonly list: NonNullable<ImportRequest['list']>;
  /** Where its files may be: folders and archives. */
  readonly roots: readonly string[];
  readonly database: Pick<ProjectDatabase, 'dataset' | 'imports'>;
  readonly labelling: Labelling;
  readonly signal: AbortSignal;
}

/** The files of a list, until it is closed, and the images that the project has of it. */
export interface ListedGathering extends Gathering {
  readonly known: readonly KnownImage[];
}

/** Finds what a list names. Throws AppError when the list or a root cannot be read, and the signal's reason. */
export async function gatherListed(request: ListRequest): Promise<ListedGathering> {
  const opened = await openList(request.list.path, request.list.reading, request.labelling);
  const { files, known, problems, close } = await findListed(opened, request);
  return { files, known, skipped: [...opened.problems, ...problems], close };
}

/** As gatherListed, for a list that is open. */
export async function findListed(
  { files: listed }: OpenList,
  { roots, list, database, signal }: ListRequest,
): Promise<ResolvedList & Pick<Gathering, 'close'>> {
  const met = await meetFiles(roots, signal);
  const classes = database.dataset.readHead().classes.map(({ name }) => name);
  const onlyClasses = list.addsClasses ? null : new Set(classes);
  const resolved = resolveList(listed, { files: met.files, images: database.imports.sources(), onlyClasses });
  return { ...resolved, close: () => met.close() };
}
