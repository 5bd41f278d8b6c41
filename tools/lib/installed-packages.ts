import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './repository.ts';

/** What a lock file says about its packages, by folder. */
export type LockedPackages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

/** The packages of package-lock.json that node_modules lacks or has in another version, e.g. after a rebase; `npm ci` brings them. */
export function outdatedPackages(): readonly string[] {
  return differingPackages(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'));
}

/** Those of `wanted` that `installed` lacks or has otherwise, as name@version; an optional one may be left out. */
export function differingPackages(wanted: LockedPackages, installed: LockedPackages): readonly string[] {
  return Object.entries(wanted).flatMap(([folder, { version, optional }]) => {
    const found = installed[folder];
    const isThere = found ? found.version === version : optional === true;
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return isThere || folder === '' ? [] : [`${name}@${version ?? ''}`];
  });
}

function readLock(file: string): LockedPackages {
  const lock = JSON.parse(readFileSync(path.join(repositoryRoot, file), 'utf8')) as {
    readonly packages: LockedPackages;
  };
  return lock.packages;
}
