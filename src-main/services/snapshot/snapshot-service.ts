import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { pipelineIdSchema, type ProjectId, type SnapshotId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Snapshot, SnapshotReason } from '../../../src-shared/domain/snapshot.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import type { Emit, Now } from '../../core/ports.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import { listSnapshotRecords, type SnapshotRecord } from '../../storage/snapshots/snapshot-record.ts';
import {
  findSnapshot,
  prepareRestore,
  removeSnapshotLeftovers,
  replaceDamaged,
  replaceDatabase,
  restoreSmallFiles,
  takeSnapshot,
} from '../../storage/snapshots/snapshot-store.ts';
import type { OpenProjects, OwnedContext, ProjectContext } from '../project/open-projects.ts';
import type { WriteRight } from '../project/open-context.ts';
import { AutomaticSnapshots } from './automatic-snapshots.ts';
import { describeSnapshots } from './describe-snapshots.ts';

export interface SnapshotServiceDeps {
  readonly openProjects: OpenProjects;
  /** Where a project lies that is not open; throws AppError not-found. */
  readonly locate: (projectId: ProjectId) => Promise<ProjectPaths>;
  /** The right to write a project that is not open; throws AppError read-only. */
  readonly takeRight: (paths: ProjectPaths) => WriteRight;
  /** True while images come in: their rows would be lost. */
  readonly isImporting: (projectId: ProjectId) => boolean;
  readonly tellDatasetChanged: (context: ProjectContext) => void;
  readonly emit: Emit;
  readonly now: Now;
  readonly logError: (message: string, error: unknown) => void;
}

/** Earlier states of projects: takes them by itself, lists them with what happened since, and puts one back. */
export class SnapshotService {
  readonly #deps: SnapshotServiceDeps;
  readonly #turns = new Map<string, InTurn>();
  readonly #automatic: AutomaticSnapshots;

  constructor(deps: SnapshotServiceDeps) {
    this.#deps = deps;
    this.#automatic = new AutomaticSnapshots({ ...deps, take: (context, reason) => this.#takeOf(context, reason) });
  }

  /** For a project that was just opened for writing: keeps its state if it is another than the last one kept, and checks it. */
  noteOpened(context: ProjectContext): void {
    // In its turn: a project that is opened anew may have a snapshot under way.
    const { paths } = context;
    this.#automatic.noteOpened(context, () => this.#turn(paths).do(() => removeSnapshotLeftovers(paths)));
  }

  /** A change of labels, images or pipelines was saved. */
  noteChange(projectId: ProjectId): void {
    const context = this.#deps.openProjects.find(projectId);
    if (context?.readOnlyBecause === null) this.#automatic.noteChange(context);
  }

  async list(projectId: ProjectId): Promise<readonly Snapshot[]> {
    const paths = await this.#paths(projectId);
    return describeSnapshots(paths, await listSnapshotRecords(paths));
  }

  async take(projectId: ProjectId): Promise<Snapshot> {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const [snapshot] = await describeSnapshots(context.paths, [await this.#takeOf(context, 'asked')]);
    if (!snapshot) throw new Error('The snapshot that was taken is not there');
    return snapshot;
  }

  /**
   * Puts an earlier state back. The present one is kept as a snapshot first, or set aside where it is damaged.
   *
   * Throws AppError conflict while images come in, damaged-file when the snapshot itself is damaged.
   */
  async restore(projectId: ProjectId, id: SnapshotId): Promise<{ readonly kept: SnapshotId | null }> {
    const open = this.#deps.openProjects.find(projectId);
    const paths = await this.#paths(projectId);
    await findSnapshot(paths, id);
    if (!open) return this.#turn(paths).do(() => this.#restoreClosed(paths, id));
    open.assertWritable();
    if (this.#deps.isImporting(projectId)) throw new AppError('conflict', say('restoreDuringImport'), { retry: true });
    return this.#turn(paths).do(() => this.#restoreOpen(this.#deps.openProjects.owned(projectId), id));
  }

  /** Resolves when no snapshot is being taken any more. */
  async close(): Promise<void> {
    this.#automatic.close();
    await Promise.all([...this.#turns.values()].map((turn) => turn.settled()));
  }

  async #restoreOpen(context: OwnedContext, id: SnapshotId): Promise<{ readonly kept: SnapshotId | null }> {
    const { paths } = context;
    const resume = context.pause(say('restoring'));
    try {
      const kept = await this.#keepPresent(paths);
      const prepared = await prepareRestore(paths, id, context.database.dataset.revision());
      try {
        await context.swapDatabase(() =>
          kept === null ? replaceDamaged(paths, prepared, this.#deps.now()) : replaceDatabase(paths, prepared),
        );
      } finally {
        await rm(prepared, { force: true });
      }
      await this.#restoreFiles(context.id, paths, id);
      return { kept: kept?.id ?? null };
    } finally {
      resume();
      this.#deps.tellDatasetChanged(context);
      this.#deps.emit('snapshot.changed', { projectId: context.id });
    }
  }

  async #restoreClosed(paths: ProjectPaths, id: SnapshotId): Promise<{ readonly kept: SnapshotId | null }> {
    const right = this.#deps.takeRight(paths);
    if (right.lock === null) throw new AppError('read-only', right.readOnlyBecause ?? say('startedForReading'));
    try {
      const kept = existsSync(paths.database) ? await this.#keepPresent(paths) : null;
      const prepared = await prepareRestore(paths, id, kept?.revision ?? 0);
      try {
        await (kept === null ? replaceDamaged(paths, prepared, this.#deps.now()) : replaceDatabase(paths, prepared));
      } finally {
        await rm(prepared, { force: true });
      }
      await restoreSmallFiles(paths, id, !existsSync(paths.projectFile));
      return { kept: kept?.id ?? null };
    } finally {
      right.lock.release();
    }
  }

  /** Null when the present state is damaged. */
  async #keepPresent(paths: ProjectPaths): Promise<SnapshotRecord | null> {
    try {
      return await takeSnapshot(paths, 'restoring', this.#deps.now());
    } catch (error) {
      if (error instanceof AppError && error.code === 'damaged-file') return null;
      throw error;
    }
  }

  async #restoreFiles(projectId: ProjectId, paths: ProjectPaths, id: SnapshotId): Promise<void> {
    for (const name of await restoreSmallFiles(paths, id, false)) {
      const parsed = v.safeParse(pipelineIdSchema, /^pipelines\/(.*)\.json$/.exec(name)?.[1]);
      if (parsed.success) this.#deps.emit('pipeline.changed', { projectId, pipelineId: parsed.output });
    }
  }

  #takeOf({ id, paths }: ProjectContext, reason: SnapshotReason): Promise<SnapshotRecord> {
    return this.#turn(paths).do(async () => {
      const record = await takeSnapshot(paths, reason, this.#deps.now());
      this.#deps.emit('snapshot.changed', { projectId: id });
      return record;
    });
  }

  async #paths(projectId: ProjectId): Promise<ProjectPaths> {
    return this.#deps.openProjects.find(projectId)?.paths ?? (await this.#deps.locate(projectId));
  }

  #turn({ root }: ProjectPaths): InTurn {
    const turn = this.#turns.get(root) ?? new InTurn();
    this.#turns.set(root, turn);
    return turn;
  }
}
