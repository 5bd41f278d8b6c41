import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { ImageId, PipelineId, ProjectId, UploadId } from '../../../src-shared/domain/ids.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { FrozenTest } from '../../../src-shared/domain/quality.ts';
import type { Sentence } from '../../../src-shared/domain/sentence.ts';
import type { Emit, Now, ProcessStarter } from '../../core/ports.ts';
import type { TrainerWork } from '../../jobs/trainer-work.ts';
import type { TensorFlowRuntime } from '../../runtime/runtime.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { BackboneFiles } from '../backbone/backbone-catalog.ts';

/** What runs and exports need of an open project. */
export interface RunProject {
  readonly id: ProjectId;
  readonly paths: ProjectPaths;
  readonly labelling: Labelling;
  /** Who else holds the project for writing; null when this process may write. */
  readonly readOnlyBecause: Sentence | null;
  /** Whether somebody who may write the project, and so train in it, lives. */
  isWriterAlive(): boolean;
  /** Throws AppError read-only. */
  assertWritable(): void;
}

/** What the run service needs of the earlier nouns and of the host. */
export interface RunServiceDeps {
  /** Throws AppError not-found for a project that is not open. */
  readonly project: (projectId: ProjectId) => RunProject;
  /** Without the images that are marked to be skipped. */
  readonly readDataset: (projectId: ProjectId) => Promise<Dataset> | Dataset;
  readonly readPipeline: (projectId: ProjectId, pipelineId: PipelineId) => Promise<Pipeline> | Pipeline;
  readonly findBackbone: (name: BackboneName) => Promise<BackboneFiles> | BackboneFiles;
  /** The file of an image of the project, one in the trash too; throws AppError not-found. */
  readonly imageFile: (projectId: ProjectId, imageId: ImageId) => string;
  /** The file of something that the page sent; throws AppError not-found. */
  readonly uploadedFile: (uploadId: UploadId) => Promise<string> | string;
  /** Images that a person keeps out of trainings. */
  readonly leftOut: (projectId: ProjectId) => ReadonlySet<ImageId>;
  /** The frozen test set of a project; null while none is frozen. */
  readonly frozenTest: (projectId: ProjectId) => FrozenTest | null;
  /** Of these images, those whose files are no longer what they were when they came in. Rejects with the signal's reason. */
  readonly findChangedFiles: (
    projectId: ProjectId,
    files: readonly { readonly imageId: ImageId; readonly path: string }[],
    signal: AbortSignal,
  ) => Promise<readonly ImageId[]>;
  readonly runtime: RuntimeProvider;
  /** Ends what gives way to a training: tries of recipes, features of the whole dataset. Resolves when their memory is free. */
  readonly makeRoom: () => Promise<unknown>;
  readonly processStarter: ProcessStarter;
  readonly emit: Emit;
  readonly now: Now;
  /** Graft's own version. */
  readonly version: string;
}

/** Gives work the TensorFlow runtime that it needs, installing it first where it is missing. */
export interface RuntimeProvider {
  /** Null where the work is done without. Rejects with an AppError that says what is missing, or with the signal's reason. */
  ensureFor(work: TrainerWork, signal: AbortSignal): Promise<TensorFlowRuntime | null>;
}
