import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Now } from '../../core/ports.ts';
import { syncFolder, writeFileSafely } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import type { NewImage } from '../../storage/dataset-rows.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { ImportProgress } from './import-progress.ts';
import { loadImage } from './load-image.ts';
import type { FoundFile } from './scan-folder.ts';

export interface ImportFilesRequest {
  readonly context: ProjectContext;
  readonly files: readonly FoundFile[];
  readonly progress: ImportProgress;
  readonly signal: AbortSignal;
  readonly now: Now;
  /** Called after each group that brought something in. */
  readonly onAdded: () => void;
}

/** Files whose folders share one sync and whose rows share one transaction. */
const groupSize = 48;
/** Unpacking takes one core each; more would take the cores from the window and from a training. */
const concurrency = 2;

/**
 * Copies files into the project and makes them images of its dataset. A row is committed only after its bytes are safe,
 * in the order of the files, so the same folder gives the same dataset each time. Stops at the signal after the group.
 */
export async function importFiles(request: ImportFilesRequest): Promise<void> {
  const { context, files, progress, signal, now, onAdded } = request;
  const { dataset } = context.database;
  for (let start = 0; start < files.length && !signal.aborted; start += groupSize) {
    const group = await loadGroup(files.slice(start, start + groupSize), request);
    const folders = new Set(group.images.map(({ id, format }) => dirname(context.paths.image(id, format))));
    await syncFolders([...folders, context.paths.images]);
    context.assertWritable();
    const { added, classesAdded } = dataset.addImages(group.images, now().toISOString());
    progress.add({ done: group.done, added, duplicates: group.duplicates, skipped: group.skipped, classesAdded });
    if (added.length > 0) onAdded();
  }
}

interface Group {
  readonly images: readonly NewImage[];
  readonly skipped: readonly SkippedFile[];
  readonly duplicates: number;
  /** Files looked at; fewer than given when the signal came. */
  readonly done: number;
}

async function loadGroup(files: readonly FoundFile[], { context, signal }: ImportFilesRequest): Promise<Group> {
  // Who comes first among equal files is decided by their order, not by who is read faster.
  const firstWithContent = new Map<ImageId, number>();
  const images = new Map<number, NewImage>();
  const skipped: SkippedFile[] = [];
  let duplicates = 0;
  let done = 0;
  await inParallel(files, concurrency, async (file, index) => {
    if (signal.aborted) return;
    const loaded = await loadImage(file, (id) => context.database.dataset.hasImage(id));
    done += 1;
    if (loaded.kind === 'duplicate') duplicates += 1;
    else if (loaded.kind === 'skipped') skipped.push({ file: file.source, reason: loaded.reason });
    else {
      images.set(index, loaded.image);
      const { id, format } = loaded.image;
      const other = firstWithContent.get(id);
      firstWithContent.set(id, Math.min(index, other ?? index));
      if (other === undefined) await store(context.paths.image(id, format), loaded.bytes);
    }
  });
  const firsts = [...images].sort(([a], [b]) => a - b).filter(([index, { id }]) => firstWithContent.get(id) === index);
  return {
    images: firsts.map(([, image]) => image),
    skipped: inOrder(skipped),
    duplicates: duplicates + images.size - firsts.length,
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
