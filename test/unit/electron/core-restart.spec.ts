import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createElectronClient } from '../../../src-renderer/client/electron-client.ts';
import type { PageClient } from '../../../src-renderer/client/page-client.ts';
import { CoreProcess } from '../../../src-main/electron/core-process.ts';
import { relayConnection, relayEvent, setUpRelay } from '../../../src-main/electron/relay.ts';
import type { PreloadApi } from '../../../src-shared/contract/preload-api.ts';
import { BrowserWindow, electronDouble } from '../../support/electron-double.ts';
import { createMemoryLogger } from '../../support/small-core.ts';

// The page's client → preload → double → relay → a real process that keeps core's side of the protocol. It ends when it
// is told to forget a project, and answers everything else.

const script = `
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.type === 'stop') process.exit(0);
  if (message.type !== 'call') return;
  if (message.name === 'project.forget') process.exit(7);
  const value = { projects: [], samples: [] };
  process.send({ type: 'answer', id: message.id, envelope: { ok: true, value } });
});
process.send({ type: 'ready', port: 1234, token: 'secret' });
`;

let folder: string;
let core: CoreProcess;
let client: PageClient;
let bridge: PreloadApi;

beforeAll(async () => {
  await import('../../../src-main/electron/preload.ts');
  bridge = electronDouble.memory.exposed['graft'] as PreloadApi;
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-core-restart-'));
  await writeFile(path.join(folder, 'core.mjs'), script);
  electronDouble.reset();
  core = new CoreProcess({
    node: process.execPath,
    entry: path.join(folder, 'core.mjs'),
    environment: process.env,
    onEvent: relayEvent,
    onLost: () => relayConnection('lost'),
    onRestarted: () => relayConnection('open'),
    onGivenUp: () => relayConnection('gone'),
  });
  setUpRelay(core, { version: '1.0.0', logger: createMemoryLogger() });
  new BrowserWindow({});
  client = createElectronClient(bridge);
});

afterEach(async () => {
  client.close();
  await core.stop();
  await rm(folder, { recursive: true });
});

/** Ends core while it is asked something. */
async function crash(): Promise<unknown> {
  return await client.call('project.forget', { projectId: 'project-0001' as never }).catch((error: unknown) => error);
}

test('the page hears that core is lost and when it runs again', async () => {
  const statuses: string[] = [];
  client.onConnection((status) => statuses.push(status));
  await client.call('project.list', {});
  expect(await crash()).toMatchObject({ code: 'connection-lost' });
  await expect.poll(() => statuses).toEqual(['open', 'lost', 'open']);
  expect(await client.call('project.list', {})).toEqual({ projects: [], samples: [] });
});

test('what is asked while core is away is refused, not kept for a core that does not know the project', async () => {
  await client.call('project.list', {});
  await crash();
  await expect(client.call('project.list', {})).rejects.toMatchObject({ code: 'connection-lost', retry: true });
});

test('the page hears when core is given up', async () => {
  const statuses: string[] = [];
  client.onConnection((status) => statuses.push(status));
  for (let count = 0; count < 6; count += 1) {
    await expect.poll(() => statuses.at(-1)).toBe('open');
    await crash();
  }
  await expect.poll(() => statuses.at(-1)).toBe('gone');
});
