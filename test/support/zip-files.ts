import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import * as yazl from 'yazl';

/** What goes into an archive; the mode of a link is 0o120777. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mode?: number;
  readonly isStored?: boolean;
}

/** Writes an archive with honest entries. */
export async function writeZip(file: string, entries: readonly ZipEntry[]): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const { name, bytes, mode, isStored } of entries) {
    zip.addBuffer(Buffer.from(bytes), name, {
      mtime: new Date(0),
      compress: isStored !== true,
      ...(mode === undefined ? {} : { mode }),
    });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

/** Puts other bytes in the place of a name in a finished archive, as no honest program writes them; of the same length. */
export function renameInZip(file: string, from: string, to: string | Uint8Array): void {
  const archive = readFileSync(file);
  const [old, next] = [Buffer.from(from), Buffer.from(to)];
  if (old.length !== next.length) throw new Error(`“${from}” has ${old.length} bytes, its successor ${next.length}`);
  for (let at = archive.indexOf(old); at !== -1; at = archive.indexOf(old, at + 1)) next.copy(archive, at);
  writeFileSync(file, archive);
}
