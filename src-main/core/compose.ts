import { homedir } from 'node:os';
import path from 'node:path';
import { coreCommands, type Handlers } from '../../src-shared/contract/contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { BackboneName } from '../../src-shared/domain/backbone.ts';
import { writeTfjsExport } from '../exporters/tfjs.ts';
import { backboneCatalog } from '../services/backbone/backbone-catalog.ts';
import { createBackboneHandlers } from '../services/backbone/backbone-handlers.ts';
import { createDatasetHandlers } from '../services/dataset/dataset-handlers.ts';
import { TrashService } from '../services/dataset/trash-service.ts';
import { createViewHandlers, ViewService } from '../services/dataset/view-service.ts';
import { createExportHandlers } from '../services/export/export-handlers.ts';
import { ExportService } from '../services/export/export-service.ts';
import { createFeatureHandlers } from '../services/features/feature-handlers.ts';
import { createFolderHandlers } from '../services/folder/folder-handlers.ts';
import { FolderRegistry } from '../services/folder/folder-registry.ts';
import { FolderService } from '../services/folder/folder-service.ts';
import { ImageService } from '../services/image/image-service.ts';
import { createCaptureHandlers } from '../services/import/capture/capture-handlers.ts';
import { createRescanHandlers } from '../services/import/rescan/rescan-handlers.ts';
import { createImportHandlers } from '../services/import/import-handlers.ts';
import { UploadStore } from '../services/import/upload-store.ts';
import { JudgementService } from '../services/judgement/judgement-service.ts';
import { LabelExportService } from '../services/labels/label-export-service.ts';
import { createLabelsHandlers } from '../services/labels/labels-handlers.ts';
import { createMapHandlers } from '../services/map/map-handlers.ts';
import { PictureStore } from '../services/pipeline/picture-store.ts';
import { createPipelineHandlers } from '../services/pipeline/pipeline-handlers.ts';
import { PipelineService } from '../services/pipeline/pipeline-service.ts';
import { createProbeHandlers } from '../services/probe/probe-handlers.ts';
import { ProbeService } from '../services/probe/probe-service.ts';
import { FeatureCacheService } from '../services/project/feature-cache-service.ts';
import { OpenProjects } from '../services/project/open-projects.ts';
import { createProjectHandlers } from '../services/project/project-handlers.ts';
import { describeProject, ProjectService } from '../services/project/project-service.ts';
import { SampleCatalog } from '../services/project/sample-catalog.ts';
import { createQualityHandlers } from '../services/quality/quality-handlers.ts';
import { createRunHandlers } from '../services/run/run-handlers.ts';
import { RunService } from '../services/run/run-service.ts';
import { createSnapshotHandlers } from '../services/snapshot/snapshot-handlers.ts';
import { createRuntimeHandlers } from '../services/runtime/runtime-handlers.ts';
import { RuntimeService } from '../services/runtime/runtime-service.ts';
import { createSettingsHandlers } from '../services/settings/settings-handlers.ts';
import { SettingsService } from '../services/settings/settings-service.ts';
import { startOnProvider } from './provided-starter.ts';
import { closeAssist, composeAssist, connectAssist } from './compose-assist.ts';
import { createSuggestionHandlers } from '../services/suggestion/suggestion-handlers.ts';
import { composeBytes } from './compose-bytes.ts';
import { composeDataset } from './compose-dataset.ts';
import { composeImports } from './compose-imports.ts';
import { composeSnapshots, connectSnapshots } from './compose-snapshots.ts';
import type { Core } from './core.ts';
import { createDispatcher } from './dispatcher.ts';
import { createEventHub } from './event-hub.ts';
import type { Logger } from './logger.ts';
import type { AppPaths, Emit, Now, ProcessStarter } from './ports.ts';

/** What a host brings. */
export interface CoreOptions {
  readonly paths: AppPaths;
  readonly now: Now;
  readonly processStarter: ProcessStarter;
  /** Graft's own version. */
  readonly version: string;
  /** 'read' opens projects beside the process that holds them, and changes nothing. */
  readonly access: 'read' | 'write';
  readonly logger: Logger;
}

/** Builds the services and puts them behind one door; the only place that knows them all. */
export async function composeCore(options: CoreOptions): Promise<Core> {
  const { logger, version } = options;
  // Sources run only in development and in tests, and there every payload is checked before it goes out.
  const hub = createEventHub({ logger, checksPayloads: import.meta.url.endsWith('.ts') });
  const services = composeServices(options, hub.emit);
  connectAssist(hub, services);
  hub.on('dataset.changed', ({ projectId }) => services.quality.datasetChanged(projectId));
  const { folders, projects, exports } = services;
  connectSnapshots(hub, services.snapshots);
  return {
    version,
    logger,
    events: hub,
    bytes: composeBytes(services),
    dispatch: createDispatcher({ commands: coreCommands, handlers: composeHandlers(services, hub.emit), logger }),
    host: {
      grantFolder: (folder) => folders.grant(folder),
      grantSource: (source) => folders.grantSource(source),
      createProject: async (folder, labelling) =>
        describeProject(await projects.createAt(path.resolve(folder), { labelling })),
      exportFolder: (projectId, exportId) => exports.folder(projectId, exportId),
    },
    close: () => closeServices(services),
  };
}

/** What this person chose, and trainers that go by it. */
function composeSettings(paths: AppPaths, host: Pick<CoreOptions, 'processStarter'>, emit: Emit) {
  const settings = new SettingsService({ file: path.join(paths.config, 'settings.json'), emit });
  return { settings, processStarter: startOnProvider(host.processStarter, () => settings.getSync()) };
}

type Services = ReturnType<typeof composeServices>;

function composeServices({ paths, now, version, access, logger, ...host }: CoreOptions, emit: Emit) {
  const { settings, processStarter } = composeSettings(paths, host, emit);
  const openProjects = new OpenProjects();
  const folders = new FolderRegistry();
  const uploads = new UploadStore(path.join(paths.cache, 'uploads'));
  const pictures = new PictureStore();
  const samples = new SampleCatalog(paths.assets);
  const backbones = backboneCatalog(paths);
  const runtime = new RuntimeService({ emit, cacheFolder: paths.cache });
  const { datasets, quality, forRuns, recoverDataset } = composeDataset({ openProjects, emit, now, logger });
  const images = new ImageService({ openProjects });
  const { imports, captures, rescans } = composeImports({
    ...{ openProjects, datasets, uploads, folders, cache: paths.cache, logger, emit, now },
    projectFolder: async (projectId) => (await projects.locate(projectId)).root,
  });
  const pipelines = new PipelineService({ openProjects, backbones, pictures, emit });
  const shared = {
    project: openProjects.get.bind(openProjects),
    readDataset: datasets.readForRuns.bind(datasets),
    readPipeline: pipelines.read.bind(pipelines),
    findBackbone: backbones.find.bind(backbones),
    runtime,
    processStarter,
    emit,
    now,
  };
  const assist = composeAssist({ ...shared, openProjects, datasets, version, runs: () => runs });
  const snapshots = composeSnapshots({ openProjects, datasets, imports, projects: () => projects, logger, emit, now });
  const runs: RunService = new RunService({
    ...shared,
    ...forRuns,
    uploadedFile: (uploadId) => uploads.file(uploadId),
    imageFile: images.file.bind(images),
    makeRoom: () => Promise.all([probes.giveWay(), assist.features.giveWay()]),
    version,
  });
  const probes: ProbeService = new ProbeService({ ...shared, isTraining: () => runs.isBusy() });
  const exports = new ExportService({
    ...shared,
    runs,
    // There is one format so far; the request's format names its folder.
    writeExport: (request) => writeTfjsExport({ ...request, ...builtFolders(paths) }),
  });
  const isReading = (projectId: ProjectId): boolean => runs.isTraining(projectId) || probes.isBusy();
  const trash = new TrashService({ ...shared, datasets, isInUse: isReading });
  const projects: ProjectService = new ProjectService({
    paths,
    openProjects,
    samples,
    readRunSummary: (project) => runs.summarize(project),
    importFolder: (context, folder) => imports.importWhole(context, folder),
    recover: (context) => {
      trash.finish(context);
      void recoverDataset(context);
      imports.recover(context);
      snapshots.noteOpened(context);
      runs.recover(context.id).catch((error: unknown) => logger.error(`Runs of ${context.paths.root}`, error));
    },
    access,
    emit,
    now,
  });
  const featureCache = new FeatureCacheService({
    project: shared.project,
    isInUse: (projectId) => runs.isTraining(projectId) || assist.features.isComputing(projectId),
    onCleared: (projectId) => assist.features.datasetChanged(projectId),
  });
  return {
    ...{ openProjects, folders, uploads, pictures, samples, backbones, runtime, images, settings, featureCache },
    chooser: new FolderService({ registry: folders, projects: paths.projects, home: homedir() }),
    ...{ datasets, quality, trash, imports, captures, rescans, pipelines, runs, probes, exports, projects, snapshots },
    ...assist,
    judgements: new JudgementService({ openProjects, runs, ...assist }),
    labels: new LabelExportService({ project: shared.project, readDataset: datasets.read.bind(datasets) }),
  };
}

/** What the build made for every export. */
function builtFolders({ dist }: AppPaths): { readonly pageFolder: string; readonly codeFolder: string } {
  return { pageFolder: path.join(dist, 'export-page'), codeFolder: path.join(dist, 'export-code') };
}

function composeHandlers(services: Services, emit: Emit): Handlers {
  const { folders, chooser, settings, runtime, datasets, imports, pipelines, backbones, runs, exports, projects } =
    services;
  const { quality, probes, features, featureCache, trash } = services;
  const folderPath = folders.path.bind(folders);
  return {
    ...createProjectHandlers({ projects, featureCache, folderPath }),
    ...createDatasetHandlers({ datasets, trash }),
    ...createViewHandlers(new ViewService({ openProjects: services.openProjects, emit })),
    ...createQualityHandlers(quality),
    ...createSnapshotHandlers(services.snapshots),
    ...createCaptureHandlers(services.captures),
    ...createRescanHandlers({ rescans: services.rescans, imports, folderPath }),
    ...createImportHandlers({ imports, folderPath }),
    ...createLabelsHandlers({ labels: services.labels, folderPath }),
    ...createFolderHandlers({ folders: chooser }),
    ...createPipelineHandlers({ pipelines }),
    ...createBackboneHandlers({ backbones, folderPath, projectsWith: (name) => projectsWith(services, name), emit }),
    ...createRunHandlers(runs),
    ...createProbeHandlers(probes),
    ...createFeatureHandlers(features),
    ...createSuggestionHandlers(services.suggestions),
    ...createMapHandlers(services.maps),
    ...createExportHandlers(exports),
    ...createSettingsHandlers({ settings }),
    ...createRuntimeHandlers(runtime),
  };
}

/** The names of the recent projects that have runs on a backbone. */
async function projectsWith({ projects, runs }: Services, backbone: BackboneName): Promise<readonly string[]> {
  const used = await Promise.all(
    (await projects.known()).map(async ({ name, paths }) => ((await runs.areOn(paths, backbone)) ? [name] : [])),
  );
  return used.flat();
}

/** Those that use others end before them. */
async function closeServices(services: Services): Promise<void> {
  const { imports, exports, runs, probes, pipelines, quality, runtime, uploads, openProjects } = services;
  services.rescans.close();
  await Promise.all([
    imports.close(),
    services.captures.close(),
    exports.close(),
    quality.close(),
    services.snapshots.close(),
  ]);
  await Promise.all([runs.close(), probes.giveWay(), closeAssist(services), pipelines.close()]);
  await runtime.close();
  uploads.close();
  openProjects.closeAll();
}
