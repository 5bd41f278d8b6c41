import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ServedBytes } from '../core/byte-source.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** A file of the built page; undefined for what is not there, is no file, has no known type, or lies outside the root. */
export async function openStaticFile(root: string, segments: readonly string[]): Promise<ServedBytes | undefined> {
  const wanted = segments.length === 0 ? ['index.html'] : segments;
  const contentType = contentTypes[path.extname(wanted.at(-1) ?? '')];
  if (contentType === undefined) return undefined;
  const file = await realpathInside(root, wanted);
  if (file === undefined) return undefined;
  const { size } = await stat(file);
  return {
    contentType,
    contentLength: size,
    body: createReadStream(file),
    // The build puts a hash into these files' names.
    isImmutable: wanted.length > 1 && wanted[0] === 'assets',
  };
}

/** A link may lead out of the root, and `/root-2` begins like `/root`: compare real paths, with the separator. */
async function realpathInside(root: string, segments: readonly string[]): Promise<string | undefined> {
  try {
    const realRoot = await realpath(root);
    const file = await realpath(path.join(realRoot, ...segments));
    return file.startsWith(realRoot + path.sep) && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
