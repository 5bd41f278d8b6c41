import { beforeEach, expect, test, vi } from 'vitest';
import { commands } from '../../../src-shared/contract/contract.ts';
import type { PreloadApi } from '../../../src-shared/contract/preload-api.ts';
import { callChannel, eventChannel } from '../../../src-main/electron/channels.ts';
import { electronDouble } from '../../support/electron-double.ts';

let api: PreloadApi;

beforeEach(async () => {
  electronDouble.reset();
  vi.resetModules();
  // A fresh copy of the double would have a memory of its own.
  vi.doMock('electron', () => import('../../support/electron-double.ts'));
  await import('../../../src-main/electron/preload.ts');
  const double = await import('../../support/electron-double.ts');
  api = double.electronDouble.memory.exposed['graft'] as PreloadApi;
});

test('puts two functions on the page and nothing else', async () => {
  const { exposed } = (await import('../../support/electron-double.ts')).electronDouble.memory;
  expect({ names: Object.keys(exposed), functions: Object.keys(api).sort() }).toEqual({
    names: ['graft'],
    functions: ['call', 'on'],
  });
});

test('lets exactly the contract’s commands through', async () => {
  const double = await import('../../support/electron-double.ts');
  const calls: unknown[] = [];
  double.ipcMain.handle(callChannel, (_event, name) => {
    calls.push(name);
    return { ok: true, value: null };
  });
  for (const name of Object.keys(commands)) await api.call(name, {});
  for (const name of ['run.startAll', '', 'constructor', '__proto__', 'graft:call', 'ELECTRON_BROWSER_REQUIRE']) {
    expect(await api.call(name, {})).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  }
  expect(calls).toEqual(Object.keys(commands));
});

test('gives listeners the contract’s events alone, without the event object that carries a sender', async () => {
  const double = await import('../../support/electron-double.ts');
  const { webContents } = new double.BrowserWindow({});
  const heard: unknown[][] = [];
  const stop = api.on((...values: unknown[]) => heard.push(values));
  webContents.send(eventChannel, { name: 'project.listChanged', payload: {} });
  for (const odd of [{ name: 'toString' }, { name: 7 }, 'text', null, undefined]) webContents.send(eventChannel, odd);
  stop();
  webContents.send(eventChannel, { name: 'project.listChanged', payload: {} });
  expect(heard).toEqual([[{ name: 'project.listChanged', payload: {} }]]);
});
