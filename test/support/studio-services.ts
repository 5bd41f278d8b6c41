import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnyEvent, EventName, EventPayload } from '../../src-shared/contract/contract.ts';
import { DatasetService } from '../../src-main/services/dataset/dataset-service.ts';
import { ImportService } from '../../src-main/services/import/import-service.ts';
import { UploadStore } from '../../src-main/services/import/upload-store.ts';
import { OpenProjects } from '../../src-main/services/project/open-projects.ts';
import { ProjectService } from '../../src-main/services/project/project-service.ts';
import { SampleCatalog } from '../../src-main/services/project/sample-catalog.ts';

/** The services around a dataset, on real files below one folder; ends with the test. */
export function studioServices(
  folder: string,
  options: { readonly access?: 'read' | 'write'; readonly assets?: string } = {},
) {
  const events: AnyEvent[] = [];
  const emit = <N extends EventName>(name: N, payload: EventPayload<N>): void => {
    events.push({ name, payload } as AnyEvent);
  };
  const now = (): Date => new Date();
  const openProjects = new OpenProjects();
  const uploads = new UploadStore(path.join(folder, 'cache', 'uploads'));
  const datasets = new DatasetService({ openProjects, emit, now });
  const imports = new ImportService({ openProjects, datasets, uploads, emit, now });
  const projects = new ProjectService({
    paths: { config: path.join(folder, 'config'), projects: path.join(folder, 'projects') },
    openProjects,
    samples: new SampleCatalog(options.assets ?? path.join(folder, 'assets')),
    readRunSummary: () => ({ runCount: 2, bestAccuracy: 0.75, isTraining: false }),
    importFolder: (context, source) => imports.importWhole(context, source),
    recover: (context) => {
      datasets.placeWaiting(context);
      imports.recover(context);
    },
    access: options.access ?? 'write',
    emit,
    now,
  });
  const close = async (): Promise<void> => {
    await imports.close();
    uploads.close();
    openProjects.closeAll();
  };
  onTestFinished(close);
  return { events, openProjects, uploads, datasets, imports, projects, emit, close };
}
