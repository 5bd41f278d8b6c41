import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';

const manifestSchema = v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)));

/** SHA-256 by path below a folder, with forward slashes, sorted. */
export type Manifest = Readonly<Record<string, string>>;

/** Hashes every file below these folders of a root. */
export function makeManifest(root: string, folders: readonly string[]): Manifest {
  const files = folders.flatMap((folder) => filesBelow(root, folder)).sort();
  return Object.fromEntries(files.map((file) => [file, hashOf(path.join(root, file))]));
}

/**
 * Names the files that are not as the package was built: changed, missing, or added where code is loaded from.
 *
 * Electron's own integrity check covers its archive alone; core and Node lie beside it.
 */
export function findTamperedFiles(root: string, manifestFile: string, folders: readonly string[]): readonly string[] {
  const expected = v.parse(manifestSchema, JSON.parse(readFileSync(manifestFile, 'utf8')));
  const found = makeManifest(root, folders);
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].filter((name) => expected[name] !== found[name]).sort();
}

function filesBelow(root: string, folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
