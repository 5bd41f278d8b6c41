import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { hashMismatch, hostRefuses, hostUnreachable } from './runtime-errors.ts';

export interface FetchFileRequest {
  readonly address: URL;
  /** Null where none is published: then what the server says of size and MD5 is checked. */
  readonly sha256: string | null;
  /** Where the whole file will lie; the unfinished one lies beside it, so that a later try goes on there. */
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes: (done: number) => void;
}

/** Downloads a file unless it is there whole, and checks its content. Goes on where an earlier try stopped. Returns its path. */
export async function fetchFile(request: FetchFileRequest): Promise<string> {
  const { file, sha256, address, signal } = request;
  if (await isWhole(file, sha256, signal)) return file;
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.part`;
  const md5 = await download(request, unfinished);
  const isRight =
    sha256 === null ? await hasDigest(unfinished, 'md5', md5, signal) : await isWhole(unfinished, sha256, signal);
  if (!isRight) {
    await rm(unfinished, { force: true });
    throw hashMismatch(path.basename(address.pathname));
  }
  await rename(unfinished, file);
  return file;
}

/** Writes what is missing of the file. Returns the MD5 that Google's storage states of the whole one, in hexadecimal, or null. */
async function download(request: FetchFileRequest, unfinished: string): Promise<string | null> {
  const { address, sha256, signal, onBytes } = request;
  // Without a hash nothing would tell that the rest is another file's.
  const present = sha256 === null ? 0 : await sizeOf(unfinished);
  const response = await reach(address, present > 0 ? { range: `bytes=${String(present)}-` } : {}, signal);
  if (response.status === 416) {
    // Nothing lies beyond what is there: its hash tells whether it is whole.
    await response.body?.cancel();
    return null;
  }
  if (!response.ok || !response.body) throw hostRefuses(address, response.status);
  const isContinued = response.status === 206;
  let done = isContinued ? present : 0;
  const expected = done + Number(response.headers.get('content-length') ?? Number.NaN);
  const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      onBytes((done += chunk.length));
      yield chunk;
    }
  };
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  const target = createWriteStream(unfinished, { flags: isContinued ? 'a' : 'w', flush: true });
  await pipeline(body, count, target, { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw isOfDisk(error) ? error : hostUnreachable(address, error);
  });
  if (Number.isFinite(expected) && done !== expected) throw hostUnreachable(address, new Error('cut off'));
  return statedMd5(response.headers);
}

async function reach(address: URL, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  try {
    // Archives are packed already; a server that packs them again would state another length.
    return await fetch(address, { headers: { ...headers, 'accept-encoding': 'identity' }, signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    throw hostUnreachable(address, error);
  }
}

/** Of Google's storage: `x-goog-hash: crc32c=…,md5=…` in base64. */
function statedMd5(headers: Headers): string | null {
  const stated = /md5=([\w+/]+=*)/u.exec(headers.get('x-goog-hash') ?? '')?.[1];
  return stated === undefined ? null : Buffer.from(stated, 'base64').toString('hex');
}

/** True for a file with this content; where no hash is published, for one that has its name, which it gets when it was checked. */
export async function isWhole(file: string, sha256: string | null, signal?: AbortSignal): Promise<boolean> {
  return (await sizeOf(file)) > 0 && (await hasDigest(file, 'sha256', sha256, signal));
}

/** True also where there is nothing to compare with. */
async function hasDigest(
  file: string,
  algorithm: 'md5' | 'sha256',
  digest: string | null,
  signal?: AbortSignal,
): Promise<boolean> {
  if (digest === null) return true;
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  const found: unknown = hash.read();
  return Buffer.isBuffer(found) && found.toString('hex') === digest;
}

/** 0 where there is none. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
}

/** Told by the code of a system call; a broken connection has another. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && /^(open|write|fsync|close)$/u.test(String(error.syscall));
}
