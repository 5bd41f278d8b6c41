import { BrowserWindow, type BrowserWindowConstructorOptions, type WebPreferences } from 'electron';
import { appUrl } from './app-origin.ts';

/** What the page may: nothing but be a page, with the preload's two functions. */
export function webPreferences(preload: string, isPackaged: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: !isPackaged,
  };
}

/** The window's size and manners; every screen works from 1024 × 700 on. */
export function windowOptions(preferences: WebPreferences, icon: string): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    // Shown when its first picture is ready, so that it never flashes white.
    show: false,
    title: 'Graft',
    icon,
    autoHideMenuBar: true,
    webPreferences: preferences,
  };
}

/** Opens the window. */
export function openWindow(options: BrowserWindowConstructorOptions): BrowserWindow {
  const window = new BrowserWindow(options);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(appUrl);
  return window;
}
