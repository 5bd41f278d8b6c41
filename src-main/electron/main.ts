import path from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron';
import type { AnyEvent } from '../../src-shared/contract/contract.ts';
import { createLogger } from '../core/logger.ts';
import { CoreProcess } from './core-process.ts';
import { findTamperedFiles } from './integrity.ts';
import { setUpMenu } from './menu.ts';
import { programFiles } from './program-files.ts';
import { registerScheme, serveApp } from './protocol.ts';
import { createQuitPolicy, type QuitPolicy } from './quit-policy.ts';
import { relayConnection, relayEvent, setUpRelay } from './relay.ts';
import { guardAllContents, limitPermissions } from './security.ts';
import { openWindow, webPreferences, windowOptions } from './window.ts';

const files = programFiles({
  appRoot: app.getAppPath(),
  resources: app.isPackaged ? process.resourcesPath : null,
  platform: process.platform,
  architecture: process.arch,
});
const logger = createLogger({ now: () => new Date(), file: path.join(app.getPath('userData'), 'logs', 'main.log') });

app.enableSandbox();
registerScheme();
guardAllContents(app);
if (!app.requestSingleInstanceLock()) app.exit(0);
else void app.whenReady().then(start);

function start(): void {
  if (isTampered()) return;
  limitPermissions(session.defaultSession);
  const core = startCore((event) => {
    relayEvent(event);
    policy.onEvent(event);
  });
  const policy = createQuitPolicy({
    call: (name, input) => core.call(name, input),
    hasWindow: () => BrowserWindow.getAllWindows().length > 0,
    quit: () => app.quit(),
  });
  serveApp(session.defaultSession, { root: files.page, findByteServer: () => core.byteServer });
  setUpRelay(core, { version: app.getVersion(), logger });
  setUpMenu(process.platform);
  setUpLifetime(core, policy);
  showWindow();
}

function startCore(onEvent: (event: AnyEvent) => void): CoreProcess {
  return new CoreProcess({
    node: files.node,
    entry: files.coreEntry,
    environment: process.env,
    onEvent,
    onLost: () => {
      logger.error('Core was lost');
      relayConnection('lost');
    },
    onRestarted: () => relayConnection('open'),
    onGivenUp: (error) => {
      logger.error('Core cannot run', error);
      relayConnection('gone');
      dialog.showErrorBox('Graft', error.message);
    },
  });
}

/** A package whose files were changed starts nothing of them. */
function isTampered(): boolean {
  if (files.manifest === null) return false;
  const [first, ...more] = findTamperedFiles(process.resourcesPath, files.manifest, ['core', 'node']);
  if (first === undefined) return false;
  logger.error(`Changed since Graft was built: ${[first, ...more].join(', ')}`);
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  dialog.showErrorBox('Graft', `Graft’s files were changed (${first}${others}). Install Graft again.`);
  app.exit(1);
  return true;
}

function setUpLifetime(core: CoreProcess, policy: QuitPolicy): void {
  let isStopped = false;
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    // On macOS an app stays when its windows are closed.
    if (process.platform !== 'darwin') void policy.onAllWindowsClosed();
  });
  // Only once the windows are closed: until then a page may have something to save.
  app.on('will-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void core.stop().finally(() => {
      isStopped = true;
      app.quit();
    });
  });
}

function showWindow(): void {
  const [open] = BrowserWindow.getAllWindows();
  if (open === undefined) {
    openWindow(windowOptions(webPreferences(files.preload, app.isPackaged), files.icon));
    return;
  }
  if (open.isMinimized()) open.restore();
  open.focus();
}
