import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import * as v from 'valibot';
import { cacheFolder } from '../runtime/runtime-cache.ts';
import type { AppPaths } from './ports.ts';

/**
 * Where this person's and this program's files are.
 *
 * GRAFT_CONFIG_DIR, GRAFT_CACHE_DIR and GRAFT_PROJECTS_DIR move a person's folders, for tests and unusual machines.
 */
export function appPaths(environment: NodeJS.ProcessEnv): AppPaths {
  const root = programRoot();
  return {
    config: chosen(environment['GRAFT_CONFIG_DIR']) ?? envPaths('graft', { suffix: '' }).config,
    cache: cacheFolder(environment),
    projects: chosen(environment['GRAFT_PROJECTS_DIR']) ?? path.join(homedir(), 'Graft'),
    assets: path.join(root, 'assets'),
    dist: path.join(root, 'dist'),
  };
}

/** The folder that has this program's package.json: the repository, or resources/core of a package. */
export function programRoot(): string {
  const start = path.dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`No package.json above ${start}`);
  }
}

/** Graft's own version, as its package.json has it. */
export function programVersion(): string {
  const record: unknown = JSON.parse(readFileSync(path.join(programRoot(), 'package.json'), 'utf8'));
  return v.parse(v.object({ version: v.string() }), record).version;
}

function chosen(value: string | undefined): string | undefined {
  return value ? path.resolve(value) : undefined;
}
