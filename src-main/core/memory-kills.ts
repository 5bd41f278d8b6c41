import { readFileSync } from 'node:fs';

/**
 * How many processes of this machine the kernel has ended for want of memory since it started; 0 where it does not say.
 *
 * A process that was killed meanwhile while this number rose was ended for its memory; one that a person killed leaves the number alone.
 */
export function countMemoryKills(file = '/proc/vmstat'): number {
  const text = readOrEmpty(file);
  return Number(/^oom_kill (?<count>\d+)$/mu.exec(text)?.groups?.['count'] ?? 0);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
