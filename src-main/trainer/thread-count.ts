import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Threads for matrix work: one a physical core, since two on one core share its arithmetic units. At least 2 where there are 2. */
export function mathThreadCount(): number {
  const logical = availableParallelism();
  if (logical <= 2) return logical;
  return Math.max(2, Math.min(logical, countPhysicalCores() ?? Math.floor(logical / 2)));
}

/** Null where the system does not say. */
function countPhysicalCores(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const cores = readFileSync('/proc/cpuinfo', 'utf8')
      .split('\n\n')
      .flatMap((block) => {
        const socket = /^physical id\s*: (\d+)$/m.exec(block)?.[1];
        const core = /^core id\s*: (\d+)$/m.exec(block)?.[1];
        return socket === undefined || core === undefined ? [] : [`${socket}/${core}`];
      });
    return cores.length === 0 ? null : new Set(cores).size;
  } catch {
    // A sandbox may hide /proc; the caller has a fallback.
    return null;
  }
}
