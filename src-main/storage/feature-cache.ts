import { mkdir, readdir, rm, stat, statfs, utimes } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../src-shared/domain/sentence.ts';
import { fileError, systemCode } from './file-error.ts';

/** Names another limit for the features that one project keeps, in gigabytes. */
export const featureLimitVariable = 'GRAFT_FEATURE_CACHE_GB';
const defaultLimitBytes = 10e9;

/** How many bytes of features a project may keep before the least recently used ones go. */
export function featureCacheLimitBytes(environment: NodeJS.ProcessEnv = process.env): number {
  const gigabytes = Number(environment[featureLimitVariable] ?? Number.NaN);
  return gigabytes >= 0 ? gigabytes * 1e9 : defaultLimitBytes;
}

/** The features that belong together: those of one backbone, pipeline and variant. */
export interface FeatureSet {
  readonly name: string;
  readonly bytes: number;
  /** When a training last opened it, in milliseconds since 1970. */
  readonly usedAtMs: number;
}

/** All sets below a project's features folder, least recently used first; none where there is no folder. */
export async function listFeatureSets(folder: string): Promise<readonly FeatureSet[]> {
  const names = await namesIn(folder);
  const sets = await Promise.all(names.map((name) => measureSet(folder, name)));
  return sets.filter((set) => set !== null).sort((a, b) => a.usedAtMs - b.usedAtMs);
}

/** Marks a set as used now. */
export async function touchFeatureSet(folder: string, name: string, now: Date): Promise<void> {
  await utimes(path.join(folder, name), now, now);
}

/**
 * Removes the least recently used sets until `neededBytes` more fit under the limit; never those in `keep`. Returns the bytes that fit beyond
 * those, below 0 where they do not fit.
 */
export async function makeRoomForFeatures(
  folder: string,
  room: { readonly limitBytes: number; readonly neededBytes: number; readonly keep: ReadonlySet<string> },
): Promise<number> {
  const sets = await listFeatureSets(folder);
  let total = sets.reduce((sum, { bytes }) => sum + bytes, room.neededBytes);
  for (const { name, bytes } of sets) {
    if (total <= room.limitBytes) break;
    if (room.keep.has(name)) continue;
    await rm(path.join(folder, name), { recursive: true, force: true });
    total -= bytes;
  }
  return room.limitBytes - total;
}

/** Bytes that the disk below a features folder has free. */
export async function freeFeatureBytes(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Removes all features of a project; the next training computes them again. */
export async function clearFeatures(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw fileError(error, say('doingClearFeatures'), folder);
  }
}

async function measureSet(folder: string, name: string): Promise<FeatureSet | null> {
  const own = path.join(folder, name);
  try {
    const [{ mtimeMs }, files] = await Promise.all([stat(own), namesIn(own)]);
    const sizes = await Promise.all(files.map((file) => sizeOf(path.join(own, file))));
    return { name, bytes: sizes.reduce((sum, size) => sum + size, 0), usedAtMs: mtimeMs };
  } catch (error) {
    // Another process made room meanwhile.
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** In bytes; 0 for a file that was renamed or removed meanwhile. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}
