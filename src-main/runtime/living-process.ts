import { readFileSync } from 'node:fs';
import os from 'node:os';
import * as v from 'valibot';

/** Tells a process from others that got its number later or have it on another machine. */
export const processMarkSchema = v.object({ pid: v.number(), host: v.string(), startedAt: v.string() });
export type ProcessMark = v.InferOutput<typeof processMarkSchema>;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, host: os.hostname(), startedAt: startOf(process.pid) ?? '' };
}

/** Whether the process lives; null for one on another host (a shared home), which cannot be asked. */
export function isAlive({ pid, host, startedAt }: ProcessMark): boolean | null {
  return host === os.hostname() ? startOf(pid) === startedAt : null;
}

/** When a living process started, in the system's own units, or undefined when it is gone: a pid alone may have been given away again. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const isForeign = error instanceof Error && 'code' in error && error.code === 'EPERM';
    if (!isForeign) return undefined;
  }
  try {
    // The command name in parentheses may hold spaces; the start time is the 20th field after it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
