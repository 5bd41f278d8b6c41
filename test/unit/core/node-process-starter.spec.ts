import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TrainerProcess } from '../../../src-main/core/ports.ts';
import { countMemoryKills } from '../../../src-main/core/memory-kills.ts';
import { createNodeProcessStarter } from '../../../src-main/core/node-process-starter.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-starter-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function start(source: string): Promise<TrainerProcess> {
  const entry = path.join(folder, 'entry.mjs');
  await writeFile(entry, source);
  return createNodeProcessStarter({ entry }).startTrainer();
}

async function exitOf(trainer: TrainerProcess): Promise<Parameters<Parameters<TrainerProcess['onExit']>[0]>[0]> {
  return await new Promise((resolve) => trainer.onExit(resolve));
}

test('carries messages both ways and tells how the process ended', async () => {
  const trainer = await start(
    `process.on('message', (m) => { process.send({ type: 'ready', echo: m.type }); process.disconnect(); });`,
  );
  const messages: unknown[] = [];
  trainer.onMessage((message) => messages.push(message));
  trainer.send({ type: 'cancel' });
  const { code, wasKilled } = await exitOf(trainer);
  expect({ messages, code, wasKilled }).toEqual({
    messages: [{ type: 'ready', echo: 'cancel' }],
    code: 0,
    wasKilled: false,
  });
});

test('keeps the end of what a crash said', async () => {
  const trainer = await start(`throw new Error('out of memory, they say');`);
  const { code, stderrTail } = await exitOf(trainer);
  expect(code).toBe(1);
  expect(stderrTail).toContain('out of memory, they say');
});

test('says that it was we who ended it', async () => {
  const trainer = await start(`setInterval(() => {}, 1000);`);
  trainer.kill();
  expect(await exitOf(trainer)).toMatchObject({
    ...{ code: null, signal: 'SIGKILL', wasKilled: true, endedForMemory: false },
  });
});

test('does not take a kill by a person for one by the system for memory', async () => {
  const trainer = await start(`process.kill(process.pid, 'SIGKILL');`);
  expect(await exitOf(trainer)).toMatchObject({ signal: 'SIGKILL', wasKilled: false, endedForMemory: false });
});

test('reads how many processes the kernel ended for memory, and counts none where it does not say', async () => {
  const file = path.join(folder, 'vmstat');
  await writeFile(file, 'pgsteal_anon 20\noom_kill 7\nnuma_hit 1\n');
  expect([countMemoryKills(file), countMemoryKills(path.join(folder, 'none'))]).toEqual([7, 0]);
});

test('gives the process what comes on top of the environment', async () => {
  const entry = path.join(folder, 'entry.mjs');
  await writeFile(entry, `process.send({ type: 'ready', echo: process.env.GRAFT_TRIED }); process.disconnect();`);
  const trainer = createNodeProcessStarter({ entry }).startTrainer({ GRAFT_TRIED: 'dml' });
  const messages: unknown[] = [];
  trainer.onMessage((message) => messages.push(message));
  await exitOf(trainer);
  expect(messages).toEqual([{ type: 'ready', echo: 'dml' }]);
});
