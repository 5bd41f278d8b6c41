import type { Labelling } from '../../../../src-shared/domain/labelling.ts';
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
  readonly labelling: Labelling;
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
export async function gatherProject({
  project,
  database,
  labelling,
  jobId,
  signal,
}: ProjectRequest): Promise<ProjectGathering> {
  const { root, takeover } = project;
  const other = await readOtherProject(root, signal);
  return {
    files: filesOf(other, takeover),
    addClasses: () => database.dataset.addClasses(classesOf(other, takeover)).classesAdded,
    labels: () => {
      const here = presentImages(database, jobId);
      const labels = labelsOf(other.images, takeover, (id) => here.get(id));
      return labelling === 'single-label' ? labels : labels.map(asOneOfSeveral);
    },
  };
}

/** In a multi-label project a class of the other one becomes all that is known of the image. */
function asOneOfSeveral({ className, ...label }: ImportedLabel): ImportedLabel {
  return { ...label, className: null, classNames: className === null ? null : [className] };
}

function presentImages(
  { dataset, imports }: ProjectRequest['database'],
  jobId: JobId,
): ReadonlyMap<string, PresentImage> {
  const { images } = dataset.read();
  const marks = dataset.marks();
  const justIn = imports.imagesOf(jobId);
  return new Map(
    images.map(({ id, classId, classIds }) => [
      id,
      {
        isLabelled: classId !== null || (classIds ?? null) !== null,
        mark: marks.get(id) ?? null,
        isJustIn: justIn.has(id),
      },
    ]),
  );
}
