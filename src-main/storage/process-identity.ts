import { readFileSync } from 'node:fs';
import { systemCode } from './file-error.ts';

/** When a process started, in the system's own count; null where the system does not tell or there is no such process. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold spaces and brackets: count from its end.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** True when a process with this number runs and is the one that started then; a number alone may have been given anew. */
export function isSameProcess(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not permitted to signal it means that it is there.
    if (systemCode(error) !== 'EPERM') return false;
  }
  const found = processStart(pid);
  return start === null || found === null || found === start;
}
