import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createInProcessClient } from '../../../src-main/core/in-process-client.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import { composeIn, environmentIn } from '../../contract/compose-for-test.ts';
import { readProjectRows } from '../../support/project-rows.ts';
import { note, soakTimeoutMs, times } from '../../support/soak.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const graft = fileURLToPath(new URL('../../../src-main/cli/main.ts', import.meta.url));
const rounds = times(1, 20);

describe('a project that two processes want', () => {
  let home: string;
  beforeEach(() => {
    home = temporaryFolder();
  });

  async function openCore(root: string | null) {
    const { core } = await composeIn(home);
    let isClosed = false;
    const close = async (): Promise<void> => {
      if (!isClosed) await core.close();
      isClosed = true;
    };
    onTestFinished(close);
    const client = createInProcessClient(core);
    const open = async (folder: string) =>
      client.call('project.openFolder', { folder: (await core.host.grantFolder(folder)).token });
    const project =
      root === null ? await client.call('project.create', { name: 'Wanted', parent: null }) : await open(root);
    return { client, project, close, reopen: () => open(project.path) };
  }

  /** A command line of another process. */
  async function runGraft(...args: string[]): Promise<{ readonly code: number | null; readonly words: string }> {
    const child = spawn(process.execPath, [graft, ...args], { env: { ...process.env, ...environmentIn(home) } });
    let words = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (words += part.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, words };
  }

  it(
    'is read-only to the second, which says who has it, in the window and on the command line',
    { timeout: soakTimeoutMs },
    async () => {
      const first = await openCore(null);
      const { id: projectId, path: root } = first.project;
      for (let round = 0; round < rounds; round += 1) {
        await first.client.call('dataset.addClass', { projectId, name: `class ${round}` });
        const { code, words } = await runGraft('snapshots', 'take', root);
        expect([code, words]).toEqual([1, expect.stringContaining(`process ${process.pid}`) as string]);
        const reading = await runGraft('runs', root);
        expect([reading.code, reading.words.trim()]).toEqual([0, 'There are no runs yet.']);
      }
      const second = await openCore(root);
      expect(textOf(second.project.readOnlyBecause ?? '')).toContain(`process ${process.pid}`);
      await expect(second.client.call('dataset.addClass', { projectId, name: 'mine' })).rejects.toMatchObject({
        code: 'read-only',
      });
      expect(readProjectRows(root).classes).toHaveLength(rounds);
      await first.close();
      expect((await second.reopen()).readOnlyBecause).toBeNull();
      note(`second instance: ${rounds} of ${rounds} refused and told, ${rounds} readings answered`);
    },
  );

  it('is taken over when its holder died without a word', { timeout: soakTimeoutMs }, async () => {
    const made = await openCore(null);
    const { id: projectId, path: root } = made.project;
    await made.close();
    for (let round = 0; round < rounds; round += 1) {
      const { pid } = spawnSync(process.execPath, ['-e', '']);
      const holder = { key: 'dead', pid, host: os.hostname(), processStart: null, since: '2026-01-01T00:00:00Z' };
      writeFileSync(path.join(root, '.lock'), JSON.stringify({ ...holder, program: 'Graft' }));
      const next = await openCore(root);
      expect(next.project.readOnlyBecause).toBeNull();
      await next.client.call('dataset.addClass', { projectId, name: `class ${round}` });
      await next.close();
      expect(existsSync(path.join(root, '.lock'))).toBe(false);
    }
    expect(readProjectRows(root).classes).toHaveLength(rounds);
    note(`stale lock: ${rounds} of ${rounds} taken over`);
  });

  it(
    'is not written when its files were replaced meanwhile, as by a checkout, until it is opened again',
    { timeout: soakTimeoutMs },
    async () => {
      const made = await openCore(null);
      const { id: projectId, path: root } = made.project;
      await made.client.call('dataset.addClass', { projectId, name: 'of the other branch' });
      await made.close();
      const branch = path.join(home, 'branch.sqlite');
      cpSync(path.join(root, 'project.sqlite'), branch);
      const branchBytes = readFileSync(branch);

      for (let round = 0; round < rounds; round += 1) {
        const holder = await openCore(root);
        await holder.client.call('dataset.addClass', { projectId, name: `class ${round}` });
        // git removes a file that it replaces and writes a new one.
        rmSync(path.join(root, 'project.sqlite'));
        cpSync(branch, `${branch}.new`);
        renameSync(`${branch}.new`, path.join(root, 'project.sqlite'));
        const change = holder.client.call('dataset.addClass', { projectId, name: 'lost' });
        await expect(change).rejects.toMatchObject({
          code: 'read-only',
          message: expect.stringContaining('replaced') as string,
        });
        expect(readFileSync(path.join(root, 'project.sqlite')).equals(branchBytes)).toBe(true);
        const again = await holder.reopen();
        expect(again.readOnlyBecause).toBeNull();
        expect(readProjectRows(root).classes.map(({ name }) => name)).toEqual(['of the other branch']);
        // What was acknowledged before is kept aside.
        const aside = readdirSync(path.join(root, 'snapshots')).filter((name) => name.startsWith('replaced-'));
        expect(aside).toHaveLength(round + 1);
        const kept = aside.flatMap((name) => readProjectRows(path.join(root, 'snapshots', name)).classes);
        expect(kept.map(({ name }) => name)).toContain(`class ${round}`);
        await holder.close();
      }
      note(`files replaced while open: ${rounds} of ${rounds} noticed, nothing overwritten`);
    },
  );
});
