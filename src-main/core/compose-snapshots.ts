import type { DatasetService } from '../services/dataset/dataset-service.ts';
import type { ImportService } from '../services/import/import-service.ts';
import { takeRight } from '../services/project/open-context.ts';
import type { OpenProjects } from '../services/project/open-projects.ts';
import type { ProjectService } from '../services/project/project-service.ts';
import { SnapshotService } from '../services/snapshot/snapshot-service.ts';
import type { EventSource } from './event-hub.ts';
import type { Logger } from './logger.ts';
import type { Emit, Now } from './ports.ts';

interface SnapshotParts {
  readonly openProjects: OpenProjects;
  readonly datasets: DatasetService;
  readonly imports: ImportService;
  readonly projects: () => ProjectService;
  readonly logger: Logger;
  readonly emit: Emit;
  readonly now: Now;
}

/** Builds what keeps earlier states of projects. */
export function composeSnapshots({ datasets, imports, projects, logger, ...parts }: SnapshotParts): SnapshotService {
  return new SnapshotService({
    ...parts,
    locate: (projectId) => projects().locate(projectId),
    takeRight: (place) => takeRight(place, parts.now()),
    isImporting: (projectId) => imports.list(projectId).some(({ status }) => ['running', 'paused'].includes(status)),
    tellDatasetChanged: (context) => datasets.tellChanged(context),
    logError: (message, error) => logger.error(message, error),
  });
}

/** Lets it hear of what changes. */
export function connectSnapshots(events: EventSource, snapshots: SnapshotService): void {
  events.on('dataset.changed', ({ projectId }) => snapshots.noteChange(projectId));
  events.on('pipeline.changed', ({ projectId }) => snapshots.noteChange(projectId));
}
