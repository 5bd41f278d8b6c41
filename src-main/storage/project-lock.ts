import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import * as v from 'valibot';
import { fileError, systemCode } from './file-error.ts';
import { isSameProcess, processStart } from './process-identity.ts';
import { say, type NamedSentence } from '../../src-shared/domain/sentence.ts';

const holderSchema = v.object({
  key: v.string(),
  pid: v.number(),
  host: v.string(),
  /** Of the process, in the system's own count; null where the system does not tell. */
  processStart: v.nullable(v.string()),
  /** When the lock was taken, ISO 8601. */
  since: v.string(),
  program: v.string(),
});
/** Who may write a project. */
export type LockHolder = Readonly<v.InferOutput<typeof holderSchema>>;

/** The right to write a project; kept until `release`. */
export interface ProjectLock {
  /** False once another process took it over, e.g. because this computer slept. */
  isHeld(): boolean;
  release(): void;
}

export type LockOutcome =
  { readonly kind: 'held'; readonly lock: ProjectLock } | { readonly kind: 'refused'; readonly holder: LockHolder };

const heartbeatMs = 10_000;
/** A holder on another computer cannot be asked whether it lives; a silence this long says that it does not. */
const silenceMs = 120_000;

/**
 * Takes the right to write, or says who has it. A lock whose process is gone is taken over.
 *
 * Throws AppError 'no-access' or 'disk-full' when the lock file cannot be written.
 */
export function takeProjectLock(lockFile: string, program: string, now: Date): LockOutcome {
  const self: LockHolder = {
    key: randomBytes(12).toString('hex'),
    pid: process.pid,
    host: os.hostname(),
    processStart: processStart(process.pid),
    since: now.toISOString(),
    program,
  };
  const draft = `${lockFile}-${self.key}`;
  try {
    writeFileSync(draft, `${JSON.stringify(self, null, 2)}\n`, { flag: 'wx' });
    return takeWith(draft, lockFile, self);
  } catch (error) {
    throw fileError(error, say('doingOpenForWriting'), lockFile);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether a process that lives has the right to write; asks only, so it works where nothing may be written. */
export function isLockHeld(lockFile: string): boolean {
  const holder = readHolder(lockFile);
  if (holder === null) return false;
  if (holder.host === os.hostname()) return isSameProcess(holder.pid, holder.processStart);
  return Date.now() - statSync(lockFile).mtimeMs < silenceMs;
}

/** One sentence for people: who writes the project, and what to do. */
export function describeHolder({ program, pid, host, since }: LockHolder): NamedSentence {
  const facts = {
    program: program === '' ? say('anotherProgram') : program,
    process: String(pid),
    since: { time: since },
  };
  return host === os.hostname() ? say('heldBy', facts) : say('heldElsewhere', { ...facts, host });
}

function takeWith(draft: string, lockFile: string, self: LockHolder): LockOutcome {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    if (appears(draft, lockFile)) return { kind: 'held', lock: hold(lockFile, self.key) };
    const holder = readHolder(lockFile);
    if (holder === null) continue;
    if (isAlive(holder, lockFile, draft)) return { kind: 'refused', holder };
    removeStale(lockFile, holder);
  }
  throw Object.assign(new Error('The lock changes hands too fast'), { code: 'EBUSY' });
}

/** Makes the lock file with its content in one step; false when there is one. */
function appears(draft: string, lockFile: string): boolean {
  try {
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
  }
  // No hard links (exFAT, some network drives): exclusive creation, with a moment in which the file is empty.
  try {
    writeFileSync(lockFile, readFileSync(draft), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Null when the file vanished meanwhile. */
function readHolder(lockFile: string): LockHolder | null {
  const text = readText(lockFile);
  if (text === null) return null;
  try {
    return v.parse(holderSchema, JSON.parse(text));
  } catch {
    // Cut off by a crash or written by something else: nobody in particular, judged by its age alone.
    return { key: '', pid: 0, host: '', processStart: null, since: new Date(0).toISOString(), program: '' };
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(holder: LockHolder, lockFile: string, draft: string): boolean {
  if (holder.host === os.hostname()) return isSameProcess(holder.pid, holder.processStart);
  try {
    // Both times come from the clock of the file system, so the two computers need not agree on the time.
    const silence = statSync(draft).mtimeMs - statSync(lockFile).mtimeMs;
    return silence < (holder.key === '' ? 2000 : silenceMs);
  } catch {
    return true;
  }
}

/**
 * Moves the lock aside before it is removed: of two processes that found it stale only one moves it, and if what was
 * moved turns out to be a fresh lock of a third, it goes back.
 */
function removeStale(lockFile: string, stale: LockHolder): void {
  const aside = `${lockFile}-${randomBytes(6).toString('hex')}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  if (moved !== null && moved.key !== stale.key) appears(aside, lockFile);
  rmSync(aside, { force: true });
}

function hold(lockFile: string, key: string): ProjectLock {
  let isHeld = true;
  const timer = setInterval(() => {
    isHeld &&= isOurs(lockFile, key);
    if (isHeld) touch(lockFile);
  }, heartbeatMs);
  timer.unref();
  return {
    isHeld: () => isHeld,
    release() {
      clearInterval(timer);
      if (isHeld && isOurs(lockFile, key)) rmSync(lockFile, { force: true });
      isHeld = false;
    },
  };
}

function isOurs(lockFile: string, key: string): boolean {
  try {
    return readHolder(lockFile)?.key === key;
  } catch {
    // A drive that does not answer at the moment is not a lost lock.
    return true;
  }
}

function touch(lockFile: string): void {
  try {
    utimesSync(lockFile, new Date(), new Date());
  } catch {
    // Missing one heartbeat is harmless: twelve have to be missed in a row.
  }
}
