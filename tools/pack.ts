/**
 * `npm run pack`: builds Graft and packs it for this machine into dist/packages.
 *
 * Where there is no Electron program (it is fetched by `npm start`, or by node_modules/.bin/install-electron), a stand-in
 * takes its place: the layout is complete, and only the window is missing.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Configuration } from 'electron-builder';
import { buildNames, ensureBuilt } from './lib/builds.ts';
import { repositoryRoot } from './lib/repository.ts';
import { stagePackage } from './lib/stage-package.ts';

process.chdir(repositoryRoot);
await ensureBuilt(buildNames, (line) => console.log(line));
const staged = stagePackage();
console.log(`✓ staged core and Node, ${staged.fileCount} files`);

const program = electronFolder();
const configuration: Configuration = {
  extends: path.join(repositoryRoot, 'electron-builder.yml'),
  electronDist: program ?? makeStandIn(),
  // A stand-in has no sentinel that fuses could be found by.
  ...(program === undefined ? { electronFuses: null } : {}),
};
if (program === undefined)
  console.log('There is no Electron program: a stand-in takes its place, fuses stay as they are.');
const wantsInstaller = process.argv.includes('--installer');
await build({ config: configuration, dir: !wantsInstaller, publish: 'never' });
rmSync(staged.root, { recursive: true });

/** The unpacked Electron of this platform, without requiring its package: that would start a download. */
function electronFolder(): string | undefined {
  const folder = path.join(repositoryRoot, 'node_modules', 'electron');
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const isThere = existsSync(path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()));
  return isThere ? path.join(folder, 'dist') : undefined;
}

/** Just what electron-builder looks for; the program says what it is. */
function makeStandIn(): string {
  const folder = path.join(repositoryRoot, 'dist', 'electron-stand-in');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'resources'), { recursive: true });
  const words = 'This package was made without the Electron program. Run “graft serve” instead.';
  writeFileSync(path.join(folder, 'electron'), `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o755 });
  const { version } = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8')) as { version: string };
  writeFileSync(path.join(folder, 'version'), version);
  return folder;
}
