import { EventEmitter } from 'node:events';

// A small stand-in for the module `electron`: it keeps what it is told, and carries messages between the preload's half
// and main's half as structured clones, the way the real one does. Tests reach its memory through `electronDouble`.

type AnyFunction = (...values: never[]) => unknown;

/** Who the next messages of the page come from. */
interface SenderFrame {
  readonly url: string;
  readonly origin: string;
  readonly parent: SenderFrame | null;
}

const page: SenderFrame = { url: 'app://studio/', origin: 'app://studio', parent: null };

const memory = {
  senderFrame: page as SenderFrame | null,
  exposed: {} as Record<string, unknown>,
  schemes: [] as unknown[],
  menu: undefined as unknown,
  chosenFolder: null as string | null,
  dialogOptions: [] as unknown[],
  shown: [] as string[],
  openedExternally: [] as string[],
};

const handlers = new Map<string, (event: unknown, ...values: unknown[]) => unknown>();
const toPage = new EventEmitter();

/** What tests set and look at. */
export const electronDouble = {
  memory,
  page,
  /** Forgets everything that one test left behind. */
  reset(): void {
    handlers.clear();
    toPage.removeAllListeners();
    BrowserWindow.windows.length = 0;
    Object.assign(memory, { senderFrame: page, exposed: {}, schemes: [], menu: undefined, chosenFolder: null });
    Object.assign(memory, { dialogOptions: [], shown: [], openedExternally: [] });
  },
};

export const ipcMain = {
  handle(channel: string, handler: (event: unknown, ...values: unknown[]) => unknown): void {
    if (handlers.has(channel)) throw new Error(`A second handler for ${channel}`);
    handlers.set(channel, handler);
  },
};

export const ipcRenderer = {
  async invoke(channel: string, ...values: unknown[]): Promise<unknown> {
    const handler = handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const sent = structuredClone(values);
    return structuredClone(await handler({ senderFrame: memory.senderFrame }, ...sent));
  },
  on: (channel: string, listener: AnyFunction): void => void toPage.on(channel, listener as never),
  off: (channel: string, listener: AnyFunction): void => void toPage.off(channel, listener as never),
};

export const contextBridge = {
  exposeInMainWorld(key: string, api: unknown): void {
    memory.exposed[key] = api;
  },
};

export class WebContents extends EventEmitter {
  openHandler: ((details: { url: string }) => unknown) | undefined;
  reloads = 0;

  setWindowOpenHandler(handler: (details: { url: string }) => unknown): void {
    this.openHandler = handler;
  }

  send(channel: string, ...values: unknown[]): void {
    toPage.emit(channel, { sender: 'electron' }, ...(structuredClone(values) as never[]));
  }

  reload(): void {
    this.reloads += 1;
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly windows: BrowserWindow[] = [];
  static getAllWindows = (): BrowserWindow[] => [...BrowserWindow.windows];
  static getFocusedWindow = (): BrowserWindow | null => BrowserWindow.windows[0] ?? null;

  readonly webContents = new WebContents();
  readonly loaded: string[] = [];
  readonly options: unknown;
  isShown = false;

  constructor(options: unknown) {
    super();
    this.options = options;
    BrowserWindow.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return Promise.resolve();
  }

  show(): void {
    this.isShown = true;
  }

  isDestroyed(): boolean {
    return false;
  }
}

export const app = new EventEmitter();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]): void => void memory.schemes.push(...schemes),
};

export const dialog = {
  showOpenDialog(...values: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    memory.dialogOptions.push(values.at(-1));
    const { chosenFolder } = memory;
    return Promise.resolve(
      chosenFolder === null ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [chosenFolder] },
    );
  },
};

export const shell = {
  showItemInFolder: (path: string): void => void memory.shown.push(path),
  openExternal: (url: string): Promise<void> => {
    memory.openedExternally.push(url);
    return Promise.resolve();
  },
};

export const Menu = {
  setApplicationMenu: (menu: unknown): void => {
    memory.menu = menu;
  },
  buildFromTemplate: (template: unknown): unknown => ({ template }),
};
