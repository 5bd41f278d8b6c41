import { DatasetService, type DatasetServiceDeps } from '../services/dataset/dataset-service.ts';
import { FileCheck } from '../services/image/file-check.ts';
import type { ProjectContext } from '../services/project/open-projects.ts';
import { QualityService } from '../services/quality/quality-service.ts';
import type { RunServiceDeps } from '../services/run/run-ports.ts';
import type { Logger } from './logger.ts';

interface DatasetParts extends Omit<DatasetServiceDeps, 'tiedImages'> {
  readonly logger: Logger;
}

/** Builds what keeps datasets and what looks at their pictures; each asks the other. */
export function composeDataset({ logger, ...parts }: DatasetParts): {
  readonly datasets: DatasetService;
  readonly quality: QualityService;
  /** What runs ask of it. */
  readonly forRuns: Pick<RunServiceDeps, 'leftOut' | 'frozenTest' | 'findChangedFiles'>;
  /** Finishes what the last session left undone in a project; never rejects. */
  readonly recoverDataset: (context: ProjectContext) => Promise<void>;
} {
  const onError = (message: string, error: unknown): void => logger.error(message, error);
  const quality: QualityService = new QualityService({ ...parts, onError, datasets: () => datasets });
  const fileCheck = new FileCheck();
  const tiedImages: DatasetServiceDeps['tiedImages'] = (context, pictures) => quality.tiedImages(context, pictures);
  const datasets: DatasetService = new DatasetService({ ...parts, tiedImages });
  return {
    ...{ datasets, quality },
    forRuns: {
      leftOut: (projectId) => quality.leftOut(projectId),
      frozenTest: (projectId) => quality.frozenTest(projectId),
      async findChangedFiles(projectId, files, signal) {
        const changed = await fileCheck.findChanged(files, signal);
        quality.noteFiles(projectId, files, changed);
        return changed;
      },
    },
    async recoverDataset(context) {
      quality.lookAtNew(context);
      await datasets.placeWaiting(context).catch((error: unknown) => onError(`Images of ${context.paths.root}`, error));
    },
  };
}
