import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { app, BrowserWindow, type Session } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isAppUrl } from '../../../src-main/electron/app-origin.ts';
import { guardAllContents, limitPermissions } from '../../../src-main/electron/security.ts';
import { openWindow, webPreferences, windowOptions } from '../../../src-main/electron/window.ts';
import { electronDouble, type WebContents } from '../../support/electron-double.ts';

beforeEach(() => {
  electronDouble.reset();
  app.removeAllListeners();
});

/** Addresses that look like ours, or that a page should never be on. */
const foreign = [
  'app://studio.evil/',
  'app://studio@evil/',
  'app://evil@studio/',
  'app://studio:80/',
  'app://STUDIO.evil/',
  'app://evil/studio',
  'app:studio',
  'app:///studio/',
  'apps://studio/',
  'http://studio/',
  'https://studio/',
  'http://127.0.0.1:8471/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<p>hi',
  'blob:app://studio/0',
  'view-source:app://studio/',
  'filesystem:app://studio/x',
  'about:blank',
  'about:srcdoc',
  'chrome://settings',
  'devtools://devtools',
  '',
  'app',
];

test('the window’s page has no Node, is isolated and sandboxed', () => {
  expect(webPreferences('/preload.cjs', true)).toEqual({
    preload: '/preload.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: false,
  });
});

test('the window is never smaller than every screen needs, and shows itself when it is ready', () => {
  const window = openWindow(windowOptions(webPreferences('/preload.cjs', false), '/icon.png'));
  expect(windowOptions({}, '/icon.png')).toMatchObject({ minWidth: 1024, minHeight: 700, show: false });
  const show = vi.spyOn(window, 'show');
  window.emit('ready-to-show');
  expect(show).toHaveBeenCalledOnce();
});

describe('permissions', () => {
  test('are all refused, asked for or checked, by every name that Electron knows', () => {
    const names = permissionNames();
    expect(names.length).toBeGreaterThan(15);
    const answers: unknown[] = [];
    limitPermissions(
      sessionDouble({
        setPermissionRequestHandler: (handler) => {
          for (const name of names)
            handler?.({} as never, name as never, (granted) => answers.push(granted), {} as never);
        },
        setPermissionCheckHandler: (handler) => {
          for (const name of names) answers.push(handler?.(null, name as never, 'app://studio', {} as never));
        },
        setDevicePermissionHandler: (handler) => answers.push(handler?.({} as never)),
      }),
    );
    expect(answers).toEqual(Array.from({ length: names.length * 2 + 1 }, () => false));
  });
});

describe('the camera', () => {
  const ours = { requestingUrl: 'app://studio/#/project/1/images/camera', isMainFrame: true };

  test('is lent to our own page, for pictures alone', () => {
    expect(askFor('media', { ...ours, mediaTypes: ['video'] })).toBe(true);
    expect(check('media', 'app://studio/', { mediaType: 'video', isMainFrame: true })).toBe(true);
  });

  test.each([
    ['sound', { ...ours, mediaTypes: ['audio'] }],
    ['sound beside pictures', { ...ours, mediaTypes: ['video', 'audio'] }],
    ['nothing that is named', ours],
    ['an empty list', { ...ours, mediaTypes: [] }],
    ['what is no list', { ...ours, mediaTypes: 'video' }],
    ['a frame inside', { ...ours, mediaTypes: ['video'], isMainFrame: false }],
  ])('is not lent for %s', (_what, details) => {
    expect(askFor('media', details)).toBe(false);
  });

  test.each(foreign)('is not lent to %j', (url) => {
    expect(askFor('media', { ...ours, mediaTypes: ['video'], requestingUrl: url })).toBe(false);
    expect(check('media', url, { mediaType: 'video', isMainFrame: true })).toBe(false);
    expect(check('media', 'app://studio/', { mediaType: 'video', isMainFrame: true, securityOrigin: url })).toBe(false);
  });

  test.each([{ mediaType: 'audio' }, { mediaType: 'unknown' }, {}])('is not there for a look at %j', (details) => {
    expect(check('media', 'app://studio/', { ...details, isMainFrame: true })).toBe(false);
  });

  test('changes nothing for what else can be asked for with the same words', () => {
    for (const name of permissionNames().filter((one) => one !== 'media')) {
      expect(askFor(name, { ...ours, mediaTypes: ['video'] })).toBe(false);
      expect(check(name, 'app://studio/', { mediaType: 'video', isMainFrame: true })).toBe(false);
    }
  });
});

describe('a page', () => {
  test.each(foreign)('is not ours at %j, and cannot go there', (url) => {
    const contents = guardedContents();
    const prevented = ['will-navigate', 'will-frame-navigate', 'will-redirect'].map((name) => {
      const event = { url, preventDefault: vi.fn() };
      contents.emit(name, event);
      return event.preventDefault.mock.calls.length;
    });
    expect({ isOurs: isAppUrl(url), prevented }).toEqual({ isOurs: false, prevented: [1, 1, 1] });
  });

  test('may move within itself', () => {
    const contents = guardedContents();
    const event = { url: 'app://studio/#/project/1', preventDefault: vi.fn() };
    contents.emit('will-navigate', event);
    expect(event.preventDefault).not.toHaveBeenCalled();
  });

  test.each([...foreign, 'https://example.test/', 'mailto:a@b', 'ms-settings:', 'smb://x/y', 'vscode://x', 'tel:1'])(
    'opens no window and hands nothing to the system for %j',
    (url) => {
      expect(guardedContents().openHandler?.({ url })).toEqual({ action: 'deny' });
      expect(electronDouble.memory.openedExternally).toEqual([]);
    },
  );

  test('attaches no webview', () => {
    const event = { preventDefault: vi.fn() };
    guardedContents().emit('will-attach-webview', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
  });
});

function guardedContents(): WebContents {
  guardAllContents(app);
  return new BrowserWindow().webContents as unknown as WebContents;
}

/** What a page is told that asks for a permission. */
function askFor(permission: string, details: object): boolean {
  let answer = false;
  limitPermissions(
    sessionDouble({
      setPermissionRequestHandler: (handler) =>
        handler?.({} as never, permission as never, (granted) => (answer = granted), details as never),
      setPermissionCheckHandler: () => undefined,
      setDevicePermissionHandler: () => undefined,
    }),
  );
  return answer;
}

/** Whether a permission counts as given. */
function check(permission: string, origin: string, details: object): boolean {
  let answer = false;
  limitPermissions(
    sessionDouble({
      setPermissionRequestHandler: () => undefined,
      setPermissionCheckHandler: (handler) => {
        answer = handler?.(null, permission as never, origin, details as never) === true;
      },
      setDevicePermissionHandler: () => undefined,
    }),
  );
  return answer;
}

type PermissionSetters = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

function sessionDouble(setters: PermissionSetters): Session {
  return { ...setters, setDisplayMediaRequestHandler: () => undefined } as unknown as Session;
}

/** The names in the types of the two handlers, as Electron's own declarations list them. */
function permissionNames(): readonly string[] {
  const folder = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const declarations = readFileSync(path.join(folder, 'electron.d.ts'), 'utf8');
  const lists = declarations.matchAll(
    /setPermission(?:Request|Check)Handler\(handler: .*?permission: ((?:'[\w-]+'(?: \| )?)+)/g,
  );
  return [
    ...new Set([...lists].flatMap(([, list = '']) => [...list.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name))),
  ];
}
