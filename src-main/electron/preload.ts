import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { isCommandName, isEventName } from '../../src-shared/contract/contract.ts';
import type { PreloadApi } from '../../src-shared/contract/preload-api.ts';
import { callChannel, eventChannel } from './channels.ts';

// All that the sandboxed page gets of Electron: calls of the contract's commands, and the contract's events as plain
// data. The event object of Electron itself carries a sender and never goes through.

const api: PreloadApi = {
  async call(name, input) {
    if (isCommandName(name)) return (await ipcRenderer.invoke(callChannel, name, input)) as unknown;
    const error = new AppError('unsupported', `Expected ‹a command›, received ‹${name.slice(0, 60)}›.`);
    return { ok: false, error: error.toShape() };
  },
  on(listener) {
    const entry = (_event: IpcRendererEvent, message: unknown): void => {
      if (isOurEvent(message)) listener(message);
    };
    ipcRenderer.on(eventChannel, entry);
    return () => void ipcRenderer.off(eventChannel, entry);
  },
};

function isOurEvent(message: unknown): boolean {
  if (typeof message !== 'object' || message === null || !('name' in message)) return false;
  return typeof message.name === 'string' && isEventName(message.name);
}

contextBridge.exposeInMainWorld('graft', api);
