import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

export interface UnpackTarRequest {
  readonly archivePath: string;
  /** Says where an entry goes, below `folder`; null leaves it out. */
  readonly placeOf: (name: string) => string | null;
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

const blockSize = 512;

/**
 * Writes the wanted files and links of a gzipped tar (POSIX ustar, names of up to 256 bytes) below a folder. Returns their places.
 *
 * Throws where the archive is cut off or damaged: gzip carries a checksum of the content, tar one of each header.
 */
export async function unpackTar({
  archivePath,
  placeOf,
  folder,
  signal,
}: UnpackTarRequest): Promise<readonly string[]> {
  const places: string[] = [];
  await pipeline(
    createReadStream(archivePath),
    createGunzip(),
    async (content: AsyncIterable<Buffer>) => {
      const reader = new BlockReader(content);
      for (let entry = await readEntry(reader); entry; entry = await readEntry(reader)) {
        const place = placeOf(entry.name);
        const target = place === null ? null : path.join(folder, place);
        if (place !== null && target !== null && (await writeEntry(reader, entry, target))) places.push(place);
        else await discard(reader.read(entry.paddedSize));
      }
      // What follows the end mark is read too: gzip's checksum comes last.
      await discard(reader.read(Number.POSITIVE_INFINITY));
    },
    { signal },
  );
  return places;
}

interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly paddedSize: number;
  readonly linkName: string;
}

/** Null at the end mark, a block of zeros. */
async function readEntry(reader: BlockReader): Promise<TarEntry | null> {
  const header = await gather(reader.read(blockSize));
  if (header.length < blockSize) throw new Error('The archive is cut off');
  if (header.every((byte) => byte === 0)) return null;
  const stated = octal(header, 148, 8);
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (sum !== stated) throw new Error('A header of the archive is damaged');
  const size = octal(header, 124, 12);
  const prefix = text(header, 257, 5) === 'ustar' && header[262] === 0 ? text(header, 345, 155) : '';
  const name = path.posix.join(prefix, text(header, 0, 100));
  const paddedSize = Math.ceil(size / blockSize) * blockSize;
  return { name, type: text(header, 156, 1), size, paddedSize, linkName: text(header, 157, 100) };
}

/** False for what is neither a file nor a link to a neighbour; nothing of it is read then. */
async function writeEntry(reader: BlockReader, entry: TarEntry, target: string): Promise<boolean> {
  const isFile = entry.type === '' || entry.type === '0';
  const isLink = entry.type === '2' && /^[\w.-]+$/u.test(entry.linkName) && entry.linkName !== '..';
  if (!isFile && !isLink) return false;
  await mkdir(path.dirname(target), { recursive: true });
  if (isLink) await symlink(entry.linkName, target);
  else {
    await pipeline(reader.read(entry.size), createWriteStream(target, { flush: true }));
    await discard(reader.read(entry.paddedSize - entry.size));
  }
  return true;
}

/** Hands out a stream in pieces of asked lengths. */
class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(content: AsyncIterable<Buffer>) {
    this.#chunks = content[Symbol.asyncIterator]();
  }

  /** Fewer bytes only where the stream ends. */
  async *read(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) {
          if (Number.isFinite(length)) throw new Error('The archive is cut off');
          return;
        }
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }
}

async function gather(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function discard(pieces: AsyncGenerator<Buffer>): Promise<void> {
  while ((await pieces.next()).done !== true);
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
}

function octal(header: Buffer, from: number, length: number): number {
  const value = Number.parseInt(text(header, from, length).trim(), 8);
  if (!Number.isFinite(value)) throw new Error('A header of the archive is damaged');
  return value;
}
