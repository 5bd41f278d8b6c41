import { readFileSync, readdirSync } from 'node:fs';

/** A second has a hundred ticks on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Seconds of CPU time that a process and those that it started and still has took so far; null where the system does not say (Linux does). */
export function cpuSecondsOf(processId: number): number | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The name in brackets may hold spaces; after it the 12th and 13th fields are user and system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    return childrenOf(processId).reduce((sum, child) => sum + (cpuSecondsOf(child) ?? 0), own);
  } catch {
    return null;
  }
}

function childrenOf(processId: number): readonly number[] {
  return readdirSync(`/proc/${processId}/task`).flatMap((thread) =>
    readFileSync(`/proc/${processId}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
