import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './repository.ts';

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The packages that bring a Node along; a package carries one of them beside core, not inside. */
const nodePackage = /^node-(linux|win|darwin)-/;

/**
 * The folders below node_modules that core and the trainer can reach, relative to the root and sorted: everything that
 * package.json's dependencies lead to in the lock file and that is installed on this machine.
 */
export function packagedModules(): readonly string[] {
  const lock = JSON.parse(readFileSync(path.join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const found = new Set<string>();
  const visit = (from: string): void => {
    const { dependencies, optionalDependencies } = lock.packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (nodePackage.test(name)) continue;
      const folder = resolve(from, name);
      if (folder === undefined || found.has(folder)) continue;
      found.add(folder);
      visit(folder);
    }
  };
  visit('');
  return [...found].sort();
}

/**
 * False for programs of other machines, which a package for this one would only carry around: ONNX Runtime brings those of all
 * platforms in one package.
 */
export function runsOnThisMachine(file: string): boolean {
  const [, platform, architecture] = /\/onnxruntime-node\/bin\/[^/]+\/([^/]+)(?:\/([^/]+))?/.exec(file) ?? [];
  if (platform === undefined) return true;
  return platform === process.platform && (architecture === undefined || architecture === process.arch);
}

/** As Node looks packages up: nearest node_modules first. An optional one of another platform is nowhere. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (existsSync(path.join(repositoryRoot, candidate))) return candidate;
    if (folder === '') return undefined;
  }
}
