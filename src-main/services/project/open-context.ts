import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import { openProjectDatabase } from '../../storage/project-database.ts';
import { describeHolder, isLockHeld, takeProjectLock, type ProjectLock } from '../../storage/project-lock.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { OwnedContext } from './open-projects.ts';

export interface OpenRequest {
  readonly id: ProjectId;
  readonly name: string;
  readonly labelling: Labelling;
  readonly paths: ProjectPaths;
  readonly access: 'write' | 'read';
  readonly now: Date;
}

/** Opens the project for writing, or for reading only with the reason why. Throws AppError when it can do neither. */
export function openContext({ id, name, labelling, paths, access, now }: OpenRequest): OwnedContext {
  if (!existsSync(paths.database)) {
    throw new AppError('damaged-file', say('databaseMissing', { path: paths.root }));
  }
  const { lock, readOnlyBecause } =
    access === 'write' ? takeRight(paths, now) : { lock: null, readOnlyBecause: say('startedForReading') };
  try {
    const database = openProjectDatabase(paths.database, lock ? 'write' : 'read');
    return createContext({ id, name, labelling, paths, database, lock, readOnlyBecause });
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/**
 * Keeps what a database held whose file was replaced, and takes its log away: read with the file that is there now it would put pages of
 * the one into the other.
 */
function setReplacedAside({ database: file, snapshots }: ProjectPaths, database: OwnedContext['database']): void {
  mkdirSync(snapshots, { recursive: true });
  const aside = mkdtempSync(join(snapshots, 'replaced-'));
  for (const ending of ['-wal', '-shm']) {
    if (existsSync(`${file}${ending}`)) renameSync(`${file}${ending}`, join(aside, `project.sqlite${ending}`));
  }
  database.saveCopy(join(aside, 'copy.sqlite'));
  for (const ending of ['-wal', '-shm']) rmSync(join(aside, `project.sqlite${ending}`), { force: true });
  renameSync(join(aside, 'copy.sqlite'), join(aside, 'project.sqlite'));
}

/** True when another file has the name; false where there is none any more: then the whole folder was moved or removed. */
function isReplaced(file: string, opened: string | null): boolean {
  const now = fileIdentity(file);
  return now !== null && now !== opened;
}

/** Which file has this name now; null where there is none, or where nobody can say. */
function fileIdentity(file: string): string | null {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}/${ino}`;
  } catch {
    return null;
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
  readonly labelling: Labelling;
  readonly paths: ProjectPaths;
  readonly database: OwnedContext['database'];
  readonly lock: ProjectLock | null;
  readonly readOnlyBecause: Sentence | null;
}): OwnedContext {
  const { id, labelling, paths, lock } = parts;
  let { name, database } = parts;
  let pausedBecause: Sentence | null = null;
  let opened = fileIdentity(paths.database);
  const reason = (): Sentence | null => {
    if (lock === null) return parts.readOnlyBecause;
    if (!lock.isHeld()) return say('takenOver');
    // What is written to a file that lost its name is lost: a checkout removes a file and makes another one.
    return fileIdentity(paths.database) === opened ? parts.readOnlyBecause : say('replacedOnDisk');
  };
  return {
    id,
    labelling,
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
      opened = fileIdentity(paths.database);
    },
    close() {
      try {
        if (lock?.isHeld() && isReplaced(paths.database, opened)) setReplacedAside(paths, database);
      } finally {
        database.close();
        lock?.release();
      }
    },
  };
}
