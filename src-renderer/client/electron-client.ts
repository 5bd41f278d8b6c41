import { AppError } from '../../src-shared/contract/app-error.ts';
import { createClient } from '../../src-shared/contract/create-client.ts';
import type { PreloadApi } from '../../src-shared/contract/preload-api.ts';
import { openBytes } from './open-bytes.ts';
import type { ConnectionStatus, PageClient } from './page-client.ts';

declare global {
  // An interface, because it extends the DOM's.
  interface Window {
    readonly graft?: PreloadApi;
  }
}

/** Talks to Electron's main process through the preload's bridge; main restarts a lost core and tells of it. */
export function createElectronClient(bridge: PreloadApi): PageClient {
  const listeners = new Set<(status: ConnectionStatus) => void>();
  let status: ConnectionStatus = 'open';
  const client = createClient({
    call: (name, input) => {
      // Main would keep it for the next core, which does not know the project yet.
      if (status !== 'open') return Promise.reject(new AppError('connection-lost', 'Core is away.', { retry: true }));
      return bridge.call(name, input);
    },
    onEvent: (listener) => bridge.on(listener),
  });
  const stop = client.on('host.coreChanged', ({ core }) => {
    status = core;
    for (const listener of listeners) listener(status);
  });
  return {
    ...client,
    openBytes,
    onConnection(listener) {
      listeners.add(listener);
      listener(status);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}
