import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';

export interface UnpackRequest {
  readonly archivePath: string;
  /** Names inside the archive that must be there. */
  readonly entries: readonly string[];
  /** Names that are taken as well; nothing else is written. */
  readonly alsoTakes?: RegExp;
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  onBytes(done: number, total: number): void;
}

/** Writes the named entries of a zip below a folder and flushes them to disk. Returns their sizes by name; throws when one is missing. */
export async function unpackEntries(request: UnpackRequest): Promise<ReadonlyMap<string, number>> {
  const archive = await openArchive(request.archivePath);
  try {
    const named = new Set(request.entries);
    const found = await listEntries(archive, (name) => named.has(name) || (request.alsoTakes?.test(name) ?? false));
    const missing = request.entries.filter((name) => !found.has(name));
    if (missing.length > 0)
      throw new Error(`The archive ${path.basename(request.archivePath)} has no ${missing.join(', ')}`);
    const total = [...found.values()].reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const entry of found.values()) {
      await unpackEntry(archive, entry, request, (bytes) => request.onBytes((done += bytes), total));
    }
    return new Map([...found].map(([name, entry]) => [name, entry.uncompressedSize]));
  } finally {
    archive.close();
  }
}

function openArchive(file: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, archive) => {
      if (error) reject(error);
      else resolve(archive);
    });
  });
}

function listEntries(archive: yauzl.ZipFile, isWanted: (name: string) => boolean): Promise<Map<string, yauzl.Entry>> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, yauzl.Entry>();
    archive.on('entry', (entry: yauzl.Entry) => {
      if (isWanted(entry.fileName)) found.set(entry.fileName, entry);
      archive.readEntry();
    });
    archive.on('end', () => resolve(found));
    archive.on('error', reject);
    archive.readEntry();
  });
}

async function unpackEntry(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
  request: UnpackRequest,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const target = path.join(request.folder, entry.fileName);
  await mkdir(path.dirname(target), { recursive: true });
  const source = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  const count = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      onBytes(chunk.length);
      callback(null, chunk);
    },
  });
  await pipeline(source, count, createWriteStream(target), { signal: request.signal });
  const written = await open(target, 'r+');
  await written.sync().finally(() => written.close());
}
