import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeManifest } from '../../src-main/electron/integrity.ts';
import { packagedModules, runsOnThisMachine } from './packaged-modules.ts';
import { repositoryRoot } from './repository.ts';

/** What a package carries beside Electron's archive, in dist/package. */
export interface StagedPackage {
  /** What becomes `resources`; may be deleted when the package is made. */
  readonly root: string;
  readonly fileCount: number;
}

/** Never read by a running program; of the dotfiles electron-builder would leave some out by itself. */
const superfluous = /\.(map|d\.ts|d\.mts|d\.cts)$|\/\.[^/]+$|\/(\.bin|\.cache|test|tests|docs|example|examples)(\/|$)/;

/**
 * Lays out core (its JavaScript, its packages, assets/, the page), the plain Node that runs it, and the manifest of both.
 * What was built before must be up to date.
 */
export function stagePackage(): StagedPackage {
  const root = path.join(repositoryRoot, 'dist', 'package');
  rmSync(root, { recursive: true, force: true });
  const core = path.join(root, 'core');
  stageCore(core);
  stageNode(path.join(root, 'node'));
  const manifest = makeManifest(root, ['core', 'node']);
  writeFileSync(path.join(repositoryRoot, 'dist', 'core-manifest.json'), JSON.stringify(manifest, null, 1));
  return { root, fileCount: Object.keys(manifest).length };
}

function stageCore(core: string): void {
  for (const folder of ['assets', 'dist/renderer', 'dist/export-page', 'dist/export-code', 'dist/src-shared'])
    copy(folder, core);
  copy('dist/src-main', core, (file) => !file.includes('/src-main/electron/'));
  for (const folder of packagedModules()) {
    const own = (file: string): boolean => !file.slice(folder.length + 1).startsWith('node_modules');
    copy(folder, core, (file) => own(file) && runsOnThisMachine(file) && !superfluous.test(file.slice(folder.length)));
  }
  // Core finds its own root, its version and the kind of its modules in here, and nothing else.
  const { name, version, license, type } = readPackage();
  writeFileSync(path.join(core, 'package.json'), `${JSON.stringify({ name, version, license, type }, null, 2)}\n`);
  copy('LICENSE', core);
}

function stageNode(folder: string): void {
  const isWindows = process.platform === 'win32';
  const program = isWindows ? 'node.exe' : 'node';
  const packageName = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const source = path.join(repositoryRoot, 'node_modules', packageName);
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(source, 'bin', program), path.join(folder, program));
  cpSync(path.join(source, 'LICENSE'), path.join(folder, 'LICENSE'));
  chmodSync(path.join(folder, program), 0o755);
}

/** Copies a file or folder of the repository to the same place below `target`; `isWanted` sees paths as in the repository. */
function copy(relative: string, target: string, isWanted: (file: string) => boolean = () => true): void {
  cpSync(path.join(repositoryRoot, relative), path.join(target, relative), {
    recursive: true,
    dereference: true,
    filter: (source) => isWanted(path.relative(repositoryRoot, source).replaceAll(path.sep, '/')),
  });
}

function readPackage(): Readonly<Record<'name' | 'version' | 'license' | 'type', string>> {
  return JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as ReturnType<typeof readPackage>;
}
