import { ipcRenderer } from 'electron';
import { beforeEach, expect, test } from 'vitest';
import { handle } from '../../../src-main/electron/handle.ts';
import { electronDouble } from '../../support/electron-double.ts';

const { memory, page } = electronDouble;

beforeEach(() => {
  electronDouble.reset();
  handle('test', (value) => Promise.resolve({ ok: true, value }));
});

test('answers the page itself', async () => {
  expect(await ipcRenderer.invoke('test', 7)).toEqual({ ok: true, value: 7 });
});

test.each([
  ['a frame that is gone', null],
  ['a frame inside our page', { ...page, parent: page }],
  ['a page of another host', { ...page, url: 'app://evil/', origin: 'app://evil' }],
  ['a page that only begins like ours', { ...page, url: 'app://studio.evil/', origin: 'app://studio.evil' }],
  ['an empty page', { url: 'about:blank', origin: 'null', parent: null }],
  ['a page without an address', { url: '', origin: 'null', parent: null }],
  ['a sandboxed document with our address', { ...page, origin: 'null' }],
  ['a local file', { url: 'file:///x.html', origin: 'file://', parent: null }],
])('refuses %s with an error, not with silence', async (_who, sender) => {
  memory.senderFrame = sender;
  expect(await ipcRenderer.invoke('test', 7)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
});
