import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import path from 'node:path';

/** What a control group says of its memory, in bytes. */
const groupFiles = { limit: 'memory.max', used: 'memory.current', details: 'memory.stat' } as const;

/**
 * The bytes of memory that this process may still take: what the machine has free, and no more than its control group allows.
 *
 * What a group has used includes files that were read, of which the kernel takes back those that lie idle.
 */
export function availableMemoryBytes(groupFolder = '/sys/fs/cgroup', freeBytes = freemem()): number {
  const read = (file: string): string => readOrEmpty(path.join(groupFolder, file));
  const limit = Number.parseInt(read(groupFiles.limit), 10);
  if (!Number.isFinite(limit)) return Math.min(freeBytes, process.availableMemory());
  const idle = Number(/^inactive_file (?<bytes>\d+)$/mu.exec(read(groupFiles.details))?.groups?.['bytes'] ?? 0);
  return Math.max(0, Math.min(freeBytes, limit - Number.parseInt(read(groupFiles.used), 10) + idle));
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
