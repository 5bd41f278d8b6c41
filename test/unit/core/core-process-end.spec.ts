import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const coreMain = fileURLToPath(new URL('../../../src-main/core/main.ts', import.meta.url));

/** A parent that starts core as Electron main does, and says which process it is once core can answer. */
const parent = `
import { spawn } from 'node:child_process';
const core = spawn(process.execPath, [process.argv[2]], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
core.on('message', (message) => { if (message.type === 'ready') console.log(core.pid); });
`;

test('core ends when the process that started it is killed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-core-end-'));
  const script = path.join(folder, 'parent.mjs');
  await writeFile(script, parent);
  const environment = { GRAFT_CONFIG_DIR: folder, GRAFT_CACHE_DIR: folder, GRAFT_PROJECTS_DIR: folder };
  const started = spawn(process.execPath, [script, coreMain], { env: { ...process.env, ...environment } });
  const [output] = (await once(started.stdout, 'data')) as [Buffer];
  const corePid = Number(output.toString());
  expect(isRunning(corePid)).toBe(true);
  started.kill('SIGKILL');
  await expect.poll(() => isRunning(corePid), { timeout: 10_000 }).toBe(false);
  await rm(folder, { recursive: true });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
