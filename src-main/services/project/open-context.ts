import { existsSync } from 'node:fs';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import { openProjectDatabase } from '../../storage/project-database.ts';
import { describeHolder, isLockHeld, takeProjectLock, type ProjectLock } from '../../storage/project-lock.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { OwnedContext } from './open-projects.ts';

export interface OpenRequest {
  readonly id: ProjectId;
  readonly name: string;
  readonly paths: ProjectPaths;
  readonly access: 'write' | 'read';
  readonly now: Date;
}

/** Opens the project for writing, or for reading only with the reason why. Throws AppError when it can do neither. */
export function openContext({ id, name, paths, access, now }: OpenRequest): OwnedContext {
  if (!existsSync(paths.database)) {
    throw new AppError('damaged-file', say('databaseMissing', { path: paths.root }));
  }
  const { lock, readOnlyBecause } =
    access === 'write' ? takeRight(paths, now) : { lock: null, readOnlyBecause: say('startedForReading') };
  try {
    const database = openProjectDatabase(paths.database, lock ? 'write' : 'read');
    return createContext({ id, name, paths, database, lock, readOnlyBecause });
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** The lock, or why there is none. */
export interface WriteRight {
  readonly lock: ProjectLock | null;
  readonly readOnlyBecause: Sentence | null;
}

/** Takes the right to write, or says why it cannot be had. */
export function takeRight(paths: ProjectPaths, now: Date): WriteRight {
  try {
    const outcome = takeProjectLock(paths.lock, 'Graft', now);
    return outcome.kind === 'held'
      ? { lock: outcome.lock, readOnlyBecause: null }
      : { lock: null, readOnlyBecause: describeHolder(outcome.holder) };
  } catch (error) {
    // A project on a read-only drive can still be looked at.
    if (error instanceof AppError && error.code === 'no-access') {
      return { lock: null, readOnlyBecause: say('placeReadOnly', { path: paths.root }) };
    }
    throw error;
  }
}

function createContext(parts: {
  readonly id: ProjectId;
  readonly name: string;
  readonly paths: ProjectPaths;
  readonly database: OwnedContext['database'];
  readonly lock: ProjectLock | null;
  readonly readOnlyBecause: Sentence | null;
}): OwnedContext {
  const { id, paths, lock } = parts;
  let { name, database } = parts;
  let pausedBecause: Sentence | null = null;
  const reason = (): Sentence | null => {
    if (lock === null || lock.isHeld()) return parts.readOnlyBecause;
    return say('takenOver');
  };
  return {
    id,
    paths,
    get database() {
      return database;
    },
    get name() {
      return name;
    },
    get readOnlyBecause() {
      return reason();
    },
    isWriterAlive: () => lock?.isHeld() === true || isLockHeld(paths.lock),
    assertWritable() {
      const because = reason();
      if (because !== null) throw new AppError('read-only', because, { retry: true });
      if (pausedBecause !== null) throw new AppError('conflict', pausedBecause, { retry: true });
    },
    setName(next) {
      name = next;
    },
    pause(because) {
      pausedBecause = because;
      return () => {
        pausedBecause = null;
      };
    },
    async swapDatabase(replace) {
      await replace();
      database.close();
      database = openProjectDatabase(paths.database, lock ? 'write' : 'read');
    },
    close() {
      database.close();
      lock?.release();
    },
  };
}
