import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import { CoreProcess } from '../../src-main/electron/core-process.ts';
import { findTamperedFiles } from '../../src-main/electron/integrity.ts';
import { programFiles, type ProgramFiles } from '../../src-main/electron/program-files.ts';
import { createAppHandler } from '../../src-main/electron/protocol.ts';
import { repositoryRoot } from '../../tools/lib/repository.ts';

// What `npm run pack` makes, started from where it lies and with the Node that it carries.

const run = promisify(execFile);
const resources = path.join(repositoryRoot, 'dist', 'packages', `${unpackedName()}-unpacked`, 'resources');

let files: ProgramFiles;
let home: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'graft-packed-'));
  environment = {
    PATH: process.env['PATH'],
    HOME: home,
    GRAFT_CONFIG_DIR: path.join(home, 'config'),
    GRAFT_CACHE_DIR: path.join(home, 'cache'),
    GRAFT_PROJECTS_DIR: path.join(home, 'projects'),
  };
  await run(process.execPath, [path.join(repositoryRoot, 'tools', 'pack.ts')], { cwd: repositoryRoot });
  const { platform, arch: architecture } = process;
  files = programFiles({ appRoot: path.join(resources, 'app.asar'), resources, platform, architecture });
});

afterAll(async () => {
  await rm(home, { recursive: true });
});

function unpackedName(): string {
  if (process.platform === 'darwin') return 'mac';
  return `${process.platform === 'win32' ? 'win' : 'linux'}${process.arch === 'arm64' ? '-arm64' : ''}`;
}

test('the archive has Electron’s half alone, with the manifest of the rest', async () => {
  // The archive's header is JSON; the names in it are enough to see what went in.
  const header = (await readFile(path.join(resources, 'app.asar'))).subarray(0, 100_000).toString('latin1');
  const has = (name: string): boolean => header.includes(`"${name}":{`);
  const inside = ['core-manifest.json', 'preload.cjs', 'dispatcher.js', 'contract.js', 'protocol.js', 'valibot'];
  const outside = ['services', 'imaging', 'trainer', 'sharp', 'better-sqlite3', '@tensorflow', 'svelte', 'assets'];
  expect({ inside: inside.filter(has), outside: outside.filter(has) }).toEqual({ inside, outside: [] });
});

test('every file beside the archive is as the manifest says', () => {
  const manifest = path.join(repositoryRoot, 'dist', 'core-manifest.json');
  expect(findTamperedFiles(resources, manifest, ['core', 'node'])).toEqual([]);
});

test('no tool, test or source of ours is carried along', () => {
  const names = readdirSync(path.join(resources, 'core')).sort();
  expect(names).toEqual(['LICENSE', 'assets', 'dist', 'node_modules', 'package.json']);
  expect(readdirSync(path.join(resources, 'core', 'node_modules'))).not.toEqual(
    expect.arrayContaining(['electron', 'vite', 'vitest', 'typescript', 'svelte']),
  );
  expect(existsSync(path.join(resources, 'core', 'dist', 'src-main', 'electron'))).toBe(false);
});

test('of ONNX Runtime it carries what this machine runs', () => {
  const programs = path.join(resources, 'core', 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
  expect(readdirSync(programs)).toEqual([process.platform]);
  expect(readdirSync(path.join(programs, process.platform))).toEqual([process.arch]);
});

test('the command line runs from there', async () => {
  const cli = path.join(resources, 'core', 'dist', 'src-main', 'cli', 'main.js');
  const { stdout } = await run(files.node, [cli, 'doctor', '--json'], { cwd: home, env: environment });
  const [last = ''] = stdout.trim().split('\n').slice(-1);
  expect(JSON.parse(last)).toMatchObject({ type: 'result' });
});

test('core runs from there as Electron main starts it, with its samples, its pictures and its page', async () => {
  const core = new CoreProcess({
    node: files.node,
    entry: files.coreEntry,
    environment,
    onEvent: () => undefined,
    onLost: () => undefined,
    onRestarted: () => undefined,
    onGivenUp: (error) => console.error(error),
  });
  const handle = createAppHandler({ root: files.page, findByteServer: () => core.byteServer });
  const answer = await core.call('project.list', {});
  expect(answer).toMatchObject({ ok: true, value: { samples: [{ id: 'fashion-mnist' }, { id: 'fluent-emoji' }] } });
  const opened = await core.call('project.openSample', { sample: 'fluent-emoji' });
  expect(opened).toMatchObject({ ok: true, value: { name: 'Fluent Emoji', readOnlyBecause: null } });
  const picture = await handle(new Request(`app://studio${byteRoutes.sample('fluent-emoji', 0)}`));
  expect({ status: picture.status, type: picture.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'image/png',
  });
  const page = await handle(new Request('app://studio/'));
  expect(await page.text()).toContain('<div id="app">');
  await core.stop();
});
