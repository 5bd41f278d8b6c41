import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import type { ImageId, JobId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Now } from '../../core/ports.ts';
import { syncFolder, writeFileSafely } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import type { ImportedImage } from '../../storage/import-rows.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { ImportProgress } from './import-progress.ts';
import type { FoundFile } from './found-file.ts';
import { loadImage } from './load-image.ts';
import type { PauseGate } from './pause-gate.ts';

export interface ImportFilesRequest {
  readonly jobId: JobId;
  readonly context: ProjectContext;
  readonly files: readonly FoundFile[];
  readonly progress: ImportProgress;
  /** Holds the import between two groups. */
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
  readonly now: Now;
  /** Shared by pictures that the camera page took in one go. */
  readonly burst?: string;
  /** Called after each group that brought something in. */
  readonly onAdded: (images: readonly ImageId[]) => void;
}

/** Files whose folders share one sync and whose rows share one transaction. */
const groupSize = 48;
/** Unpacking takes one core each; more would take the cores from the window and from a training. */
const concurrency = 2;

/**
 * Copies files into the project and makes them images of its dataset. A row is committed only after its bytes are safe,
 * in the order of the files, so the same files give the same dataset each time. Stops at the signal after the group. Answers
 * the files that were there already.
 */
export async function importFiles(request: ImportFilesRequest): Promise<readonly KnownFile[]> {
  const { jobId, context, files, progress, gate, signal, now, onAdded, burst = null } = request;
  const { imports } = context.database;
  const known: KnownFile[] = [];
  for (let start = 0; start < files.length && !signal.aborted; start += groupSize) {
    const group = await loadGroup(files.slice(start, start + groupSize), request);
    const folders = new Set(group.images.map(({ id, format }) => dirname(context.paths.image(id, format))));
    await syncFolders([...folders, context.paths.images]);
    context.assertWritable();
    const { added, classesAdded } = imports.addImages(jobId, group.images, { at: now().toISOString(), burst });
    imports.addSkipped(jobId, group.skipped);
    const { done, bytes, duplicates, inBefore } = group;
    progress.add({ done, bytes, added, inBefore, duplicates, skipped: group.skipped.length, classesAdded });
    known.push(...group.known);
    if (added.length > 0) onAdded(added);
    await gate.pass(signal);
  }
  return known;
}

/** A file whose content the project has already. */
export interface KnownFile {
  readonly id: ImageId;
  readonly file: FoundFile;
}

interface Group {
  readonly images: readonly ImportedImage[];
  readonly skipped: readonly SkippedFile[];
  readonly known: readonly KnownFile[];
  readonly duplicates: number;
  /** Images that this import itself brought in before it was interrupted. */
  readonly inBefore: number;
  readonly bytes: number;
  /** Files looked at; fewer than given when the signal came. */
  readonly done: number;
}

async function loadGroup(files: readonly FoundFile[], { jobId, context, signal }: ImportFilesRequest): Promise<Group> {
  const { dataset, imports } = context.database;
  // Who comes first among equal files is decided by their order, not by who is read faster.
  const firstWithContent = new Map<ImageId, number>();
  const images = new Map<number, ImportedImage>();
  const skipped: SkippedFile[] = [];
  const known: KnownFile[] = [];
  let bytes = 0;
  let done = 0;
  await inParallel(files, concurrency, async (file, index) => {
    if (signal.aborted) return;
    const loaded = await loadImage(file, (id) => dataset.hasImage(id));
    done += 1;
    if (loaded.kind === 'skipped') skipped.push({ file: file.source, reason: loaded.reason });
    else if (loaded.kind === 'duplicate') {
      bytes += loaded.sizeBytes;
      known.push({ id: loaded.id, file });
    } else {
      bytes += loaded.bytes.byteLength;
      images.set(index, loaded.image);
      const { id, format } = loaded.image;
      const other = firstWithContent.get(id);
      firstWithContent.set(id, Math.min(index, other ?? index));
      if (other === undefined) await store(context.paths.image(id, format), loaded.bytes);
    }
  });
  const firsts = [...images].sort(([a], [b]) => a - b).filter(([index, { id }]) => firstWithContent.get(id) === index);
  const inBefore = known.filter(
    ({ id, file }) => imports.origin(id)?.importId === jobId && dataset.image(id)?.source === file.source,
  ).length;
  return {
    images: firsts.map(([, image]) => image),
    skipped: inOrder(skipped),
    known,
    duplicates: known.length - inBefore + images.size - firsts.length,
    inBefore,
    bytes,
    done,
  };
}

async function store(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw fileError(error, say('doingCopyImages'), path);
  }
  await writeFileSafely(path, bytes);
}

async function syncFolders(folders: readonly string[]): Promise<void> {
  await inParallel(folders, concurrency, async (folder) => {
    try {
      await syncFolder(folder);
    } catch (error) {
      throw fileError(error, say('doingCopyImages'), folder);
    }
  });
}

function inOrder(skipped: readonly SkippedFile[]): readonly SkippedFile[] {
  return skipped.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

/** Runs the work on all items, so many at once; the first failure is thrown after those under way have ended. */
async function inParallel<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const outcomes = await Promise.allSettled(
    Array.from({ length: lanes }, async () => {
      for (const [index, item] of queue) await work(item, index);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
