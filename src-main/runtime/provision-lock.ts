import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { isAlive, ownMark, processMarkSchema } from './living-process.ts';
import type { RuntimeProgress } from './runtime.ts';
import { say, textOf } from '../../src-shared/domain/sentence.ts';

const holderSchema = v.object({ ...processMarkSchema.entries, value: v.number(), words: v.string() });
type Holder = v.InferOutput<typeof holderSchema>;

/** The right to install into the cache; given back with `release`. */
export interface ProvisionLock {
  /** Tells waiting processes how far this one is. */
  report(progress: RuntimeProgress): void;
  release(): Promise<void>;
}

export interface LockRequest {
  readonly lockFile: string;
  readonly signal?: AbortSignal | undefined;
  /** Called twice a second while another process holds the lock, with that process's progress. */
  readonly onWait: (progress: RuntimeProgress) => void;
}

const heartbeatMs = 1000;
/** A holder on another host (a shared home) cannot be asked whether it lives; a silence this long says it does not. */
const silenceMs = 60_000;

/**
 * Waits until no other process installs, then takes the lock. A lock whose process is gone is taken over.
 *
 * The lock only saves double work. Two processes that take over a dead lock in the same instant would both install, each into a
 * folder of its own, and the finished folder appears by one atomic rename.
 */
export async function acquireLock(request: LockRequest): Promise<ProvisionLock> {
  for (;;) {
    request.signal?.throwIfAborted();
    const self: Holder = { ...ownMark(), value: 0, words: '' };
    if (await createExclusively(request.lockFile, JSON.stringify(self))) return hold(request.lockFile, self);
    const holder = await readHolder(request.lockFile);
    if (holder === 'dead') await rm(request.lockFile, { force: true });
    if (holder === 'dead' || holder === 'none') continue;
    const words = say('installElsewhere', { process: String(holder.pid), words: holder.words || '…' });
    request.onWait({ stage: 'waiting', value: holder.value, words });
    await delay(500, undefined, { signal: request.signal });
  }
}

/** True while a living process holds the lock. */
export async function isHeld(lockFile: string): Promise<boolean> {
  return typeof (await readHolder(lockFile)) === 'object';
}

function hold(lockFile: string, self: Holder): ProvisionLock {
  let current = self;
  let writing = Promise.resolve();
  let isReleased = false;
  const write = async (): Promise<void> => {
    if (isReleased) return;
    const next = `${lockFile}.${process.pid}`;
    await writeFile(next, JSON.stringify(current));
    await rename(next, lockFile);
  };
  // A heartbeat that cannot be written (full disk) only makes waiting processes see older words.
  const timer = setInterval(() => {
    writing = writing.then(write).catch(() => undefined);
  }, heartbeatMs);
  timer.unref();
  return {
    report: ({ value, words }) => (current = { ...current, value, words: textOf(words) }),
    async release() {
      isReleased = true;
      clearInterval(timer);
      await writing;
      await rm(lockFile, { force: true });
    },
  };
}

async function createExclusively(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(text).finally(() => handle.close());
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(lockFile: string): Promise<Holder | 'dead' | 'none'> {
  const text = await readFile(lockFile, 'utf8').catch(() => undefined);
  const age = await stat(lockFile).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
  if (text === undefined || age === undefined) return 'none';
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), holderSchema), text);
  // An empty or cut file is one being written at this moment, or what a crash left.
  if (!parsed.success) return age > 2 * heartbeatMs ? 'dead' : { pid: 0, host: '', startedAt: '', value: 0, words: '' };
  const holder = parsed.output;
  return (isAlive(holder) ?? age <= silenceMs) ? holder : 'dead';
}
