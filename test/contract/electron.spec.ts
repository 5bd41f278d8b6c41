import { fileURLToPath } from 'node:url';
import { createClient } from '../../src-shared/contract/create-client.ts';
import type { PreloadApi } from '../../src-shared/contract/preload-api.ts';
import { CoreProcess } from '../../src-main/electron/core-process.ts';
import { createAppHandler } from '../../src-main/electron/protocol.ts';
import { relayEvent, setUpRelay } from '../../src-main/electron/relay.ts';
import { programVersion } from '../../src-main/core/paths.ts';
import { BrowserWindow, electronDouble } from '../support/electron-double.ts';
import { createMemoryLogger } from '../support/small-core.ts';
import { environmentIn } from './compose-for-test.ts';
import { describeContract } from './contract-suite.ts';

// Everything is real but Electron itself: preload → double → relay → core's own process and its byte server.

describeContract('Electron', {
  hasHost: true,
  async open(folder) {
    electronDouble.reset();
    const core = new CoreProcess({
      node: process.execPath,
      entry: fileURLToPath(new URL('../../src-main/core/main.ts', import.meta.url)),
      environment: { ...process.env, ...environmentIn(folder) },
      onEvent: relayEvent,
      onLost: () => undefined,
      onRestarted: () => undefined,
      onGivenUp: (error) => console.error(error),
    });
    setUpRelay(core, { version: programVersion(), logger: createMemoryLogger() });
    new BrowserWindow({});
    await import('../../src-main/electron/preload.ts');
    const api = electronDouble.memory.exposed['graft'] as PreloadApi;
    const client = createClient({
      call: (name, input) => api.call(name, input),
      onEvent: (listener) => api.on(listener),
    });
    const answer = createAppHandler({ root: folder, findByteServer: () => core.byteServer });
    return {
      client,
      send: (name, input) => api.call(name, input),
      async chooseFolder(path) {
        electronDouble.memory.chosenFolder = path;
        const chosen = await client.call('host.pickFolder', { purpose: 'import' });
        if (chosen === null) throw new Error('The dialog was closed.');
        return chosen.token;
      },
      async fetchBytes(route) {
        const response = await answer(new Request(`app://studio${route}`));
        const { size } = await response.blob();
        return { status: response.status, contentType: response.headers.get('content-type'), size };
      },
      close: () => core.stop(),
    };
  },
});
