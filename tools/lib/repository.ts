import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from './child.ts';

/** The repository's root; every tool works from there. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The command that runs a package's program under this very Node, without a shell and whatever PATH says. */
export function packageProgram(packageName: string, programName: string, ...args: string[]): Command {
  const folder = path.join(repositoryRoot, 'node_modules', packageName);
  const record = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const program = typeof record.bin === 'string' ? record.bin : record.bin[programName];
  if (program === undefined) throw new Error(`Expected a program ‹${programName}› in ‹${packageName}›, received none.`);
  return [process.execPath, path.join(folder, program), ...args];
}

/** The files below a folder whose names match, relative to the root and sorted; none where the folder is absent. */
export function filesBelow(folder: string, name: RegExp): readonly string[] {
  return list(path.join(repositoryRoot, folder))
    .filter((file) => name.test(file))
    .map((file) => path.join(folder, file).replaceAll(path.sep, '/'))
    .filter((file) => !file.startsWith('test/fixtures/'))
    .sort();
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
