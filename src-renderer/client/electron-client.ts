import { createClient } from '../../src-shared/contract/create-client.ts';
import type { PreloadApi } from '../../src-shared/contract/preload-api.ts';
import type { PageClient } from './page-client.ts';

declare global {
  // An interface, because it extends the DOM's.
  interface Window {
    readonly graft?: PreloadApi;
  }
}

/** Talks to Electron's main process through the preload's bridge; main restarts a lost core itself. */
export function createElectronClient(bridge: PreloadApi): PageClient {
  const client = createClient({
    call: (name, input) => bridge.call(name, input),
    onEvent: (listener) => bridge.on(listener),
  });
  return {
    ...client,
    onConnection(listener) {
      listener('open');
      return () => undefined;
    },
    close: () => undefined,
  };
}
