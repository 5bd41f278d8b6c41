import { createElectronClient } from './electron-client.ts';
import { createLoopbackClient } from './loopback-client.ts';
import type { PageClient } from './page-client.ts';

/** The client of the host that shows this page. */
export function pickClient(): PageClient {
  return window.graft ? createElectronClient(window.graft) : createLoopbackClient();
}
