import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { ProjectDatabase } from '../../storage/project-database.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';

/** A project that this core has open. */
export interface ProjectContext {
  readonly id: ProjectId;
  readonly name: string;
  readonly labelling: Labelling;
  readonly paths: ProjectPaths;
  readonly database: ProjectDatabase;
  /** Why this core only reads the project, naming the holder when another process writes; null when it may write. */
  readonly readOnlyBecause: Sentence | null;
  /** Whether somebody who may write the project lives: this core, or another process. */
  isWriterAlive(): boolean;
  /** Every command that changes the project calls this first; throws AppError 'read-only'. */
  assertWritable(): void;
}

/** A context together with what only its owner does. */
export interface OwnedContext extends ProjectContext {
  setName(name: string): void;
  /** Until the returned function is called, `assertWritable` throws AppError 'conflict' with this sentence. */
  pause(because: Sentence): () => void;
  /**
   * Lets `replace` put another database into the file of the present one, which stays open for readers meanwhile; then opens what is there.
   * Pause first: what is written during it is lost.
   */
  swapDatabase(replace: () => Promise<void>): Promise<void>;
  /** Closes the database and gives the lock back. */
  close(): void;
}

/** The projects that this core has open, by id. */
export class OpenProjects {
  readonly #contexts = new Map<ProjectId, OwnedContext>();

  /** Throws AppError 'not-found' when the project is not open. */
  get(projectId: ProjectId): ProjectContext {
    return this.owned(projectId);
  }

  find(projectId: ProjectId): ProjectContext | undefined {
    return this.#contexts.get(projectId);
  }

  findByRoot(root: string): ProjectContext | undefined {
    return this.list().find((context) => context.paths.root === root);
  }

  list(): readonly ProjectContext[] {
    return [...this.#contexts.values()];
  }

  owned(projectId: ProjectId): OwnedContext {
    const context = this.#contexts.get(projectId);
    if (context) return context;
    throw new AppError('not-found', say('projectNotOpen'), {
      detail: { projectId },
    });
  }

  add(context: OwnedContext): void {
    this.#contexts.set(context.id, context);
  }

  close(projectId: ProjectId): void {
    this.#contexts.get(projectId)?.close();
    this.#contexts.delete(projectId);
  }

  closeAll(): void {
    for (const projectId of [...this.#contexts.keys()]) this.close(projectId);
  }
}
