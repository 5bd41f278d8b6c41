import type { JobId } from '../../../../src-shared/domain/ids.ts';
import type { ImportedLabel } from '../../../storage/dataset/import-notes.ts';
import type { ProjectDatabase } from '../../../storage/project-database.ts';
import type { FoundFile } from '../found-file.ts';
import type { ImportRequest } from '../import-request.ts';
import { readOtherProject } from './other-project.ts';
import { classesOf, filesOf, labelsOf, type PresentImage } from './take-over.ts';

export interface ProjectRequest {
  readonly project: NonNullable<ImportRequest['project']>;
  readonly database: Pick<ProjectDatabase, 'dataset' | 'imports' | 'images'>;
  readonly jobId: JobId;
  readonly signal: AbortSignal;
}

/** What comes from another project. */
export interface ProjectGathering {
  readonly files: readonly FoundFile[];
  /** Makes the classes that come along; answers how many are new. */
  addClasses(): number;
  /** What the images that are here by now get from it. */
  labels(): readonly ImportedLabel[];
}

/** Reads what an import takes from another project. Throws AppError where it cannot be read, and the signal's reason. */
export async function gatherProject({ project, database, jobId, signal }: ProjectRequest): Promise<ProjectGathering> {
  const { root, takeover } = project;
  const other = await readOtherProject(root, signal);
  return {
    files: filesOf(other, takeover),
    addClasses: () => database.dataset.addClasses(classesOf(other, takeover)).classesAdded,
    labels: () => {
      const here = presentImages(database, jobId);
      return labelsOf(other.images, takeover, (id) => here.get(id));
    },
  };
}

function presentImages(
  { dataset, imports }: ProjectRequest['database'],
  jobId: JobId,
): ReadonlyMap<string, PresentImage> {
  const { classes, images } = dataset.read();
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const marks = dataset.marks();
  const justIn = imports.imagesOf(jobId);
  return new Map(
    images.map(({ id, classId }) => [
      id,
      {
        className: classId === null ? null : (names.get(classId) ?? null),
        mark: marks.get(id) ?? null,
        isJustIn: justIn.has(id),
      },
    ]),
  );
}
