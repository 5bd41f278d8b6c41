import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import { requireSupportedFormat } from '../../imaging/decode-errors.ts';
import { fileError, systemCode } from '../../storage/file-error.ts';
import { assertPictureSize, headBytes } from './disk-file.ts';
import { isSystemName, type FileContent, type MetFile, type Scan } from './found-file.ts';
import { decodeNames, isDangerousName } from './zip-names.ts';

/** What an archive may be; beyond it is a bomb or a mistake. */
export const zipLimits = { entries: 200_000, bytes: 10e9, ratio: 200 } as const;

/** An archive that is being read; its files can be read until it is closed. */
export interface OpenArchive extends Scan {
  close(): void;
}

/**
 * Opens a zip archive and lists its files without unpacking anything: each is unpacked when it is read, into memory, and
 * never under its own name. Entries that could lead out, links and encrypted ones are left out with the reason.
 *
 * Throws AppError 'damaged-file' or 'unsupported' for what is no archive or breaks the limits, and the signal's reason.
 */
export async function openZip(path: string, signal: AbortSignal): Promise<OpenArchive> {
  const zip = await openFile(path);
  try {
    const entries = await listEntries(zip, signal);
    assertSound(entries, zip.fileSize);
    return { ...sort(zip, entries), close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw explain(error, path);
  }
}

async function openFile(path: string): Promise<yauzl.ZipFile> {
  try {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, strictFileNames: true };
    return await yauzl.openPromise(path, options);
  } catch (error) {
    throw explain(error, path);
  }
}

async function listEntries(zip: yauzl.ZipFile, signal: AbortSignal): Promise<readonly yauzl.Entry[]> {
  if (zip.entryCount > zipLimits.entries) {
    throw new AppError('unsupported', say('zipTooMany', { count: zip.entryCount, most: zipLimits.entries }));
  }
  const entries: yauzl.Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    signal.throwIfAborted();
    entries.push(entry);
  }
  return entries;
}

/** By what the entries declare; each is held to its own declaration when it is unpacked. */
function assertSound(entries: readonly yauzl.Entry[], sizeBytes: number): void {
  const unpacked = sum(entries.map(({ uncompressedSize }) => uncompressedSize));
  const packed = sum(entries.map(({ compressedSize }) => compressedSize));
  if (unpacked > zipLimits.bytes) {
    const facts = { size: (unpacked / 1e9).toFixed(1), most: zipLimits.bytes / 1e9 };
    throw new AppError('unsupported', say('zipTooLarge', facts));
  }
  // Entries that share bytes are how a small archive unpacks to a huge one at modest ratios.
  if (packed > sizeBytes || unpacked > sizeBytes * zipLimits.ratio) {
    throw new AppError('unsupported', say('zipBomb', { most: zipLimits.ratio }));
  }
}

function sort(zip: yauzl.ZipFile, entries: readonly yauzl.Entry[]): Scan {
  const files: MetFile[] = [];
  const skipped: SkippedFile[] = [];
  const names = decodeNames(entries);
  for (const [index, entry] of entries.entries()) {
    const name = names[index] ?? '';
    const segments = name.split('/').filter((part) => part !== '' && part !== '.');
    const reason = isDangerousName(name) ? say('zipNameUnsafe') : reasonAgainst(entry);
    if (reason !== null) skipped.push({ file: printable(name), reason });
    else if (!name.endsWith('/') && segments.length > 0 && !segments.some(isSystemName)) {
      files.push({ segments, content: entryContent(zip, entry) });
    }
  }
  return { files, skipped };
}

function reasonAgainst(entry: yauzl.Entry): NamedSentence | null {
  const unixKind = (entry.externalFileAttributes >>> 16) & 0o170_000;
  if (unixKind === 0o120_000) return say('isLink');
  if (entry.isEncrypted()) return say('zipEncrypted');
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return say('zipMethod');
  if (entry.uncompressedSize > entry.compressedSize * zipLimits.ratio) return say('zipBomb', { most: zipLimits.ratio });
  return null;
}

function entryContent(zip: yauzl.ZipFile, entry: yauzl.Entry): FileContent {
  return {
    path: null,
    async read() {
      assertPictureSize(entry.uncompressedSize);
      let stream: Readable | undefined;
      try {
        stream = await zip.openReadStreamPromise(entry);
        return await readPicture(stream, entry.uncompressedSize);
      } catch (error) {
        throw error instanceof AppError || systemCode(error)?.startsWith('E') === true
          ? error
          : new AppError('damaged-file', say('zipEntryDamaged'), { cause: error });
      } finally {
        stream?.destroy();
      }
    },
  };
}

/** Ends at the first bytes of what is no picture, and at the declared size whatever comes. */
async function readPicture(stream: Readable, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  let filled = 0;
  let isChecked = false;
  for await (const part of stream as AsyncIterable<Uint8Array>) {
    if (filled + part.byteLength > sizeBytes) throw new AppError('damaged-file', say('zipEntryDamaged'));
    bytes.set(part, filled);
    filled += part.byteLength;
    if (isChecked || filled < headBytes) continue;
    requireSupportedFormat(bytes.subarray(0, headBytes));
    isChecked = true;
  }
  if (filled !== sizeBytes) throw new AppError('damaged-file', say('zipEntryDamaged'));
  if (!isChecked) requireSupportedFormat(bytes);
  return bytes;
}

function explain(error: unknown, path: string): unknown {
  const told = fileError(error, say('doingReadFile'), path);
  if (told instanceof AppError || !(error instanceof Error) || error.name === 'AbortError') return told;
  return new AppError('damaged-file', say('zipDamaged'), { cause: error });
}

/** A hostile name in a report must not write over the line that it stands in. */
function printable(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, '\uFFFD').slice(0, 500);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
