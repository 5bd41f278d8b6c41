import path from 'node:path';
import envPaths from 'env-paths';

/** Where Graft keeps what it can fetch again: `GRAFT_CACHE_DIR`, else the user's cache folder of this operating system. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const chosen = environment['GRAFT_CACHE_DIR'];
  return chosen ? path.resolve(chosen) : envPaths('graft', { suffix: '' }).cache;
}

/** The folders and files of one runtime below the cache; `key` names everything the runtime was made of. */
export interface RuntimePlaces {
  readonly root: string;
  readonly downloads: string;
  /** The finished runtime; it appears under this name only when it is whole. */
  readonly folder: string;
  readonly lock: string;
  /** Work in progress lies in folders whose names begin so; none of them is ever used as it is. */
  readonly partialPrefix: string;
}

/** Names the places of a runtime. */
export function runtimePlaces(cache: string, key: string): RuntimePlaces {
  const root = path.join(cache, 'tensorflow');
  return {
    root,
    downloads: path.join(root, 'downloads'),
    folder: path.join(root, key),
    lock: path.join(root, `${key}.lock`),
    partialPrefix: path.join(root, `${key}.partial-`),
  };
}
