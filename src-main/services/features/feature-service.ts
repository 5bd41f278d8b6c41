import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { FeaturesStatus } from '../../../src-shared/domain/features.ts';
import type { ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Emit } from '../../core/ports.ts';
import type { FeatureMatrix } from '../../storage/feature-reader.ts';
import type { FeaturePlace } from '../../storage/feature-index.ts';
import type { OpenProjects } from '../project/open-projects.ts';
import { ProjectFeatures, type ProjectFeaturesDeps } from './project-features.ts';
import type { SimilarImage } from './similar-images.ts';

export interface FeatureServiceDeps extends Pick<
  ProjectFeaturesDeps,
  'findBackbone' | 'runtime' | 'processStarter' | 'isTraining' | 'version'
> {
  readonly openProjects: OpenProjects;
  readonly emit: Emit;
}

/** The one whose features need least. */
const defaultBackbone: BackboneName = 'efficientnet-lite0';
const tellEveryMs = 250;

/**
 * The frozen features of every image of the open projects: computes them in the background, where somebody asked for it, and answers them
 * to other services. They are the same entries of the feature cache that trainings use.
 */
export class FeatureService {
  readonly #deps: FeatureServiceDeps;
  readonly #projects = new Map<ProjectId, ProjectFeatures>();
  readonly #listeners = new Set<(status: FeaturesStatus) => void>();

  constructor(deps: FeatureServiceDeps) {
    this.#deps = deps;
  }

  /** As it is at the moment, looked up on disk where nothing computes. */
  status(projectId: ProjectId): Promise<FeaturesStatus> {
    return this.#of(projectId).look();
  }

  /** Computes what is missing, now and when images come in; null keeps the backbone. Throws AppError read-only. */
  start(projectId: ProjectId, backbone: BackboneName | null = null): FeaturesStatus {
    return this.#of(projectId).start(backbone);
  }

  pause(projectId: ProjectId): FeaturesStatus {
    return this.#of(projectId).pause();
  }

  /**
   * Row-major float32 [images with features, numbers an image], in the order of `imageIds`; images without features are left out. Everything
   * asked for is in memory at once, 5 kB an image with EfficientNet-Lite0: ask for some thousand at a time.
   */
  read(projectId: ProjectId, imageIds: readonly ImageId[]): Promise<FeatureMatrix> {
    return this.#of(projectId).read(imageIds);
  }

  /** The images with features by how like one image they are, and whose features they are. AppError not-found where it has none itself. */
  async similarTo(
    projectId: ProjectId,
    imageId: ImageId,
  ): Promise<{ readonly backbone: BackboneName; readonly images: readonly SimilarImage[] }> {
    const features = this.#of(projectId);
    return { images: await features.similarTo(imageId), backbone: features.status.backbone };
  }

  /** Where the features lie, for another process; null as long as there are none. */
  place(projectId: ProjectId): Promise<(FeaturePlace & { readonly folder: string }) | null> {
    return this.#of(projectId).place();
  }

  /** Calls back with every status. Returns the function that stops it. */
  onChanged(listener: (status: FeaturesStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  isComputing(projectId: ProjectId): boolean {
    return this.#projects.get(projectId)?.status.state === 'computing';
  }

  /** Images of this project came in or went, or its cache was cleared. */
  datasetChanged(projectId: ProjectId): void {
    this.#projects.get(projectId)?.lookAgain();
  }

  /** A training ended. */
  trainingEnded(): void {
    for (const features of this.#projects.values()) features.lookAgain();
  }

  /** Ends what computes, so that a training has the memory and the cores; it goes on afterwards. */
  async giveWay(): Promise<void> {
    await Promise.all([...this.#projects.values()].map((features) => features.giveWay()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#projects.values()].map((features) => features.close()));
    this.#projects.clear();
  }

  #of(projectId: ProjectId): ProjectFeatures {
    const { openProjects, emit, ...deps } = this.#deps;
    const project = openProjects.get(projectId);
    const known = this.#projects.get(projectId);
    if (known) return known;
    const tell = createTeller((status) => {
      emit('features.changed', { features: status });
      for (const listener of [...this.#listeners]) listener(status);
    });
    const listImages = (): ReturnType<ProjectFeaturesDeps['listImages']> => project.database.dataset.imageFiles();
    const features = new ProjectFeatures({ ...deps, project, listImages, tell }, defaultBackbone);
    this.#projects.set(projectId, features);
    return features;
  }
}

/** Tells a change of state at once and mere progress a few times a second. */
function createTeller(tell: (status: FeaturesStatus) => void): (status: FeaturesStatus) => void {
  let told: FeaturesStatus | null = null;
  let toldMs = 0;
  return (status) => {
    const isNews = told?.state !== status.state || told.backbone !== status.backbone;
    if (!isNews && (status.state !== 'computing' || performance.now() - toldMs < tellEveryMs) && !isOther(told, status))
      return;
    told = status;
    toldMs = performance.now();
    tell(status);
  };
}

/** Whether anything but progress differs, outside of computing. */
function isOther(before: FeaturesStatus | null, { state, done, total, bytes, unread }: FeaturesStatus): boolean {
  if (state === 'computing') return false;
  return before?.done !== done || before.total !== total || before.bytes !== bytes || before.unread !== unread;
}
