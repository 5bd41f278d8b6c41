import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../../src-shared/contract/app-error.ts';
import { CoreProcess, type CoreProcessOptions } from '../../../src-main/electron/core-process.ts';

// Real processes, of a small script that keeps core's side of the protocol.

const script = `
import { appendFileSync } from 'node:fs';
appendFileSync(process.env.STARTS, 'start\\n');
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.type === 'ping' && process.env.SILENT !== '1') process.send({ type: 'alive' });
  if (message.type === 'stop' && process.env.STUBBORN !== '1') process.exit(0);
  if (message.type !== 'call') return;
  if (message.name === 'crash') process.exit(7);
  if (message.name === 'event') process.send({ type: 'event', event: { name: 'project.listChanged', payload: {} } });
  const value = message.name === 'environment' ? Object.keys(process.env) : message.input;
  process.send({ type: 'answer', id: message.id, envelope: { ok: true, value } });
});
if (process.env.FAIL === '1') {
  process.send({ type: 'failed', error: { code: 'disk-full', message: 'No space.', retry: false } });
  process.disconnect();
} else {
  process.send({ type: 'ready', port: 1234, token: 'secret' });
}
`;

let folder: string;
let running: CoreProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-core-process-'));
  await writeFile(path.join(folder, 'core.mjs'), script);
  await writeFile(path.join(folder, 'starts'), '');
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((core) => core.stop()));
  await rm(folder, { recursive: true });
});

interface Heard {
  readonly events: unknown[];
  readonly failures: AppError[];
  restarts: number;
}

function start(
  environment: NodeJS.ProcessEnv = {},
  options: Partial<CoreProcessOptions> = {},
): { core: CoreProcess; heard: Heard } {
  const heard: Heard = { events: [], failures: [], restarts: 0 };
  const core = new CoreProcess({
    node: process.execPath,
    entry: path.join(folder, 'core.mjs'),
    environment: { ...process.env, STARTS: path.join(folder, 'starts'), ...environment },
    onEvent: (event) => heard.events.push(event),
    onLost: () => undefined,
    onRestarted: () => {
      heard.restarts += 1;
    },
    onGivenUp: (error) => heard.failures.push(error),
    ...options,
  });
  running.push(core);
  return { core, heard };
}

async function countStarts(): Promise<number> {
  return (await readFile(path.join(folder, 'starts'), 'utf8')).split('\n').length - 1;
}

test('answers what was asked before it was ready, and tells events', async () => {
  const { core, heard } = start();
  expect(core.byteServer).toBeNull();
  expect(await Promise.all([core.call('one', 1), core.call('event', 2)])).toEqual([
    { ok: true, value: 1 },
    { ok: true, value: 2 },
  ]);
  expect(core.byteServer).toEqual({ port: 1234, token: 'secret' });
  expect(heard.events).toEqual([{ name: 'project.listChanged', payload: {} }]);
});

test('runs plain Node, without what would change it', async () => {
  const { core } = start({ ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--no-warnings' });
  const answer = await core.call('environment', null);
  expect(answer).toMatchObject({
    ok: true,
    value: expect.not.arrayContaining(['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS']) as string[],
  });
});

test('a core that is lost says so to who waits, and runs again', async () => {
  const { core, heard } = start();
  expect(await core.call('crash', null)).toMatchObject({ ok: false, error: { code: 'connection-lost', retry: true } });
  expect(await core.call('again', 3)).toEqual({ ok: true, value: 3 });
  expect({ restarts: heard.restarts, starts: await countStarts() }).toEqual({ restarts: 1, starts: 2 });
});

test('a core that is lost again and again is given up after five restarts', async () => {
  const { core, heard } = start();
  for (let crash = 0; crash < 6; crash += 1) await core.call('crash', null);
  await expect.poll(() => heard.failures.map(({ code }) => code)).toEqual(['connection-lost']);
  expect(await core.call('more', null)).toMatchObject({ ok: false, error: { code: 'connection-lost' } });
  expect(await countStarts()).toBe(6);
});

test('a core that cannot start says why and is not tried again', async () => {
  const { heard } = start({ FAIL: '1' });
  await expect
    .poll(() => heard.failures.map(({ code, message }) => [code, message]))
    .toEqual([['disk-full', 'No space.']]);
  expect(await countStarts()).toBe(1);
});

test('a Node that is not there says so', async () => {
  const { core, heard } = start({}, { node: path.join(folder, 'no-node') });
  expect(await core.call('one', 1)).toMatchObject({ ok: false });
  await expect.poll(() => heard.failures.length).toBe(1);
  expect(heard.failures[0]?.message).toContain('cannot start');
});

test('a core that gives no sign of life is replaced', async () => {
  const timing = { pingEveryMs: 50, silenceMs: 300 };
  const { core, heard } = start({ SILENT: '1' }, { timing });
  await core.call('one', 1);
  await expect.poll(() => heard.restarts, { timeout: 5_000 }).toBeGreaterThan(0);
});

test('stopping asks first and insists after a while', async () => {
  const { core } = start({ STUBBORN: '1' }, { timing: { stopGraceMs: 200 } });
  await core.call('one', 1);
  const startedMs = performance.now();
  await core.stop();
  expect(performance.now() - startedMs).toBeGreaterThan(150);
  expect(await core.call('late', 1)).toMatchObject({ ok: false, error: { code: 'connection-lost' } });
  expect(await countStarts()).toBe(1);
});
