import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createClient } from '../../src-shared/contract/create-client.ts';
import { tokenHeader } from '../../src-main/loopback/access.ts';
import { startLoopback } from '../../src-main/loopback/loopback.ts';
import { composeIn } from './compose-for-test.ts';
import { describeContract } from './contract-suite.ts';

describeContract('loopback, over real HTTP and a real WebSocket', {
  hasHost: true,
  async open(folder) {
    const { core } = await composeIn(folder);
    const loopback = await startLoopback({ core, port: 0, staticRoot: folder });
    const headers = { [tokenHeader]: loopback.token };
    const socket = new WebSocket(`${loopback.url.replace('http', 'ws')}/events`, { headers });
    await once(socket, 'open');

    const send = async (name: string, input: unknown): Promise<unknown> => {
      const response = await fetch(`${loopback.url}/rpc/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      return await response.json();
    };
    const client = createClient({
      call: send,
      onEvent(listener) {
        const entry = (data: Buffer): void => listener(JSON.parse(data.toString()));
        socket.on('message', entry);
        return () => socket.off('message', entry);
      },
    });
    return {
      client,
      send,
      chooseFolder: async (path) => (await client.call('folder.find', { path })).token,
      async fetchBytes(route) {
        const response = await fetch(loopback.url + route, { headers });
        const { size } = await response.blob();
        return { status: response.status, contentType: response.headers.get('content-type'), size };
      },
      async close() {
        await loopback.close();
        await core.close();
      },
    };
  },
});
