import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { isAlive, ownMark, processMarkSchema } from './living-process.ts';

const marksFolder = 'in-use';
/** A process on another host (a shared home) cannot be asked whether it lives; it is believed for so long. */
const believedMs = 7 * 24 * 3_600_000;

/** Marks a runtime as used by this process, until it ends: then nobody removes it. Called right before its libraries are loaded. */
export function markInUseSync(folder: string): void {
  try {
    isInUseSync(folder);
    const marks = path.join(folder, marksFolder);
    mkdirSync(marks, { recursive: true });
    writeFileSync(path.join(marks, String(process.pid)), JSON.stringify(ownMark()));
  } catch {
    // In a cache that cannot be written nobody removes anything either.
  }
}

/** Whether a living process uses the runtime. Forgets those that ended. */
export function isInUseSync(folder: string): boolean {
  const marks = path.join(folder, marksFolder);
  return namesIn(marks).filter((name) => isOfLiving(path.join(marks, name))).length > 0;
}

function isOfLiving(file: string): boolean {
  try {
    const mark = v.parse(v.pipe(v.string(), v.parseJson(), processMarkSchema), readFileSync(file, 'utf8'));
    if (isAlive(mark) ?? Date.now() - statSync(file).mtimeMs < believedMs) return true;
  } catch {
    // A mark that cannot be read is one of a process that ended while it wrote it.
  }
  rmSync(file, { force: true });
  return false;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
