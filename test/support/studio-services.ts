import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnyEvent, EventName, EventPayload } from '../../src-shared/contract/contract.ts';
import { DatasetService } from '../../src-main/services/dataset/dataset-service.ts';
import { QualityService } from '../../src-main/services/quality/quality-service.ts';
import { FolderRegistry } from '../../src-main/services/folder/folder-registry.ts';
import { ImportService } from '../../src-main/services/import/import-service.ts';
import { FolderMemory } from '../../src-main/services/import/rescan/folder-memory.ts';
import { RescanService } from '../../src-main/services/import/rescan/rescan-service.ts';
import { UploadStore } from '../../src-main/services/import/upload-store.ts';
import { OpenProjects } from '../../src-main/services/project/open-projects.ts';
import { ProjectService } from '../../src-main/services/project/project-service.ts';
import { SampleCatalog } from '../../src-main/services/project/sample-catalog.ts';

/** The services around a dataset, on real files below one folder; ends with the test. */
export function studioServices(
  folder: string,
  options: {
    readonly access?: 'read' | 'write';
    readonly assets?: string;
    /** True: what pictures look like decides where they go, as in the app; else each goes alone. */
    readonly looksAtPictures?: boolean;
  } = {},
) {
  const events: AnyEvent[] = [];
  const listeners: ((event: AnyEvent) => void)[] = [];
  const emit = <N extends EventName>(name: N, payload: EventPayload<N>): void => {
    const event = { name, payload } as AnyEvent;
    events.push(event);
    for (const listener of listeners) listener(event);
  };
  const now = (): Date => new Date();
  const openProjects = new OpenProjects();
  const folders = new FolderRegistry();
  const uploads = new UploadStore(path.join(folder, 'cache', 'uploads'));
  const quality: QualityService = new QualityService({
    ...{ openProjects, emit, now },
    datasets: () => datasets,
    onError: (message, error) => console.error(message, error),
  });
  const datasets: DatasetService = new DatasetService({
    ...{ openProjects, emit, now },
    tiedImages: (context, pictures) =>
      options.looksAtPictures === true ? quality.tiedImages(context, pictures) : Promise.resolve([]),
  });
  const memory = new FolderMemory(path.join(folder, 'cache', 'imported-folders'));
  const rescans = new RescanService({
    memory,
    grantFolder: (folderPath) => folders.register(folderPath),
    folderPath: (token) => folders.path(token),
  });
  const imports: ImportService = new ImportService({
    ...{ openProjects, datasets, uploads, memory, emit, now },
    sourcePath: (token) => folders.path(token),
    projectFolder: async (projectId) => (await projects.locate(projectId)).root,
  });
  const projects: ProjectService = new ProjectService({
    paths: { config: path.join(folder, 'config'), projects: path.join(folder, 'projects') },
    openProjects,
    samples: new SampleCatalog(options.assets ?? path.join(folder, 'assets')),
    readRunSummary: () => ({ runCount: 2, bestAccuracy: 0.75, isTraining: false }),
    importFolder: (context, source) => imports.importWhole(context, source),
    recover: (context) => {
      void datasets.placeWaiting(context);
      imports.recover(context);
    },
    access: options.access ?? 'write',
    emit,
    now,
  });
  const close = async (): Promise<void> => {
    await Promise.all([imports.close(), quality.close()]);
    uploads.close();
    openProjects.closeAll();
  };
  onTestFinished(close);
  /** Hears each event at the moment in which it is told. */
  const onEvent = (listener: (event: AnyEvent) => void): void => void listeners.push(listener);
  return {
    events,
    onEvent,
    folders,
    openProjects,
    uploads,
    datasets,
    quality,
    imports,
    rescans,
    projects,
    emit,
    close,
  };
}
