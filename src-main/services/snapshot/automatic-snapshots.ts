import { statfs } from 'node:fs/promises';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { SnapshotReason } from '../../../src-shared/domain/snapshot.ts';
import type { Emit } from '../../core/ports.ts';
import { databaseError } from '../../storage/database-error.ts';
import {
  hashSmallFiles,
  listSnapshotRecords,
  readSmallFiles,
  type SnapshotRecord,
} from '../../storage/snapshots/snapshot-record.ts';
import { inSnapshotThread } from '../../storage/snapshots/snapshot-thread.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import { dueInMs } from './snapshot-clock.ts';

/** A disk with less room than this besides the snapshot itself is left to the labels. */
const leastFreeBytes = 200e6;

interface AutomaticDeps {
  readonly take: (context: ProjectContext, reason: SnapshotReason) => Promise<SnapshotRecord>;
  readonly emit: Emit;
  readonly logError: (message: string, error: unknown) => void;
}

interface Watched {
  changes: number;
  takenMs: number;
  costMs: number;
  timer: NodeJS.Timeout | undefined;
  isTaking: boolean;
}

/** Takes snapshots by itself: on opening, and while a project changes. What goes wrong is logged; damage is told. */
export class AutomaticSnapshots {
  readonly #deps: AutomaticDeps;
  readonly #watched = new Map<ProjectId, Watched>();
  #isClosed = false;

  constructor(deps: AutomaticDeps) {
    this.#deps = deps;
  }

  /** `clear` takes away what a crash left. */
  noteOpened(context: ProjectContext, clear: () => Promise<void>): void {
    const watched = this.#of(context.id);
    void this.#guard(context, watched, async () => {
      await clear();
      const [last] = await listSnapshotRecords(context.paths);
      if (await isSame(context, last)) await checkOnly(context);
      else await this.#take(context, watched, 'opened');
    });
  }

  noteChange(context: ProjectContext): void {
    const watched = this.#of(context.id);
    watched.changes += 1;
    if (!watched.isTaking) this.#wait(context, watched);
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#watched.values()) clearTimeout(timer);
  }

  #wait(context: ProjectContext, watched: Watched): void {
    clearTimeout(watched.timer);
    const { changes, costMs } = watched;
    const waitMs = dueInMs({ changes, costMs, elapsedMs: performance.now() - watched.takenMs });
    if (waitMs === null || this.#isClosed) return;
    watched.timer = setTimeout(() => {
      void this.#guard(context, watched, () => this.#take(context, watched, 'changed'));
    }, waitMs);
    watched.timer.unref();
  }

  async #take(context: ProjectContext, watched: Watched, reason: SnapshotReason): Promise<void> {
    if (context.readOnlyBecause !== null || !(await hasRoom(context))) return;
    const startMs = performance.now();
    watched.changes = 0;
    await this.#deps.take(context, reason);
    watched.costMs = performance.now() - startMs;
  }

  async #guard(context: ProjectContext, watched: Watched, work: () => Promise<void>): Promise<void> {
    if (watched.isTaking || this.#isClosed) return;
    watched.isTaking = true;
    try {
      await work();
    } catch (thrown) {
      const error = databaseError(thrown, context.paths.database);
      if (error instanceof AppError && error.code === 'damaged-file') {
        this.#deps.emit('snapshot.damageFound', { projectId: context.id });
      }
      this.#deps.logError(`Snapshot of ${context.paths.root}`, error);
    } finally {
      watched.isTaking = false;
      watched.takenMs = performance.now();
      this.#wait(context, watched);
    }
  }

  #of(projectId: ProjectId): Watched {
    const known = this.#watched.get(projectId);
    if (known) return known;
    const made = { changes: 0, takenMs: performance.now(), costMs: 0, timer: undefined, isTaking: false };
    this.#watched.set(projectId, made);
    return made;
  }
}

/** True also for a project in which nothing was ever done. */
async function isSame({ database, paths }: ProjectContext, last: SnapshotRecord | undefined): Promise<boolean> {
  const revision = database.dataset.revision();
  if (revision === 0 && last === undefined) return true;
  return last?.revision === revision && last.filesHash === hashSmallFiles(await readSmallFiles(paths.root));
}

async function checkOnly({ paths }: ProjectContext): Promise<void> {
  const [first] = await inSnapshotThread('check', { file: paths.database });
  if (first !== undefined) throw new AppError('damaged-file', first);
}

async function hasRoom({ database, paths }: ProjectContext): Promise<boolean> {
  const { bavail, bsize } = await statfs(paths.root);
  return bavail * bsize > database.sizeBytes() * 2 + leastFreeBytes;
}
