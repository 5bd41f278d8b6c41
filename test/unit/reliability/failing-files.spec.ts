import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../../src-shared/contract/contract.ts';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import type { OpenProject } from '../../../src-shared/contract/project.contract.ts';
import { createInProcessClient } from '../../../src-main/core/in-process-client.ts';
import { composeIn } from '../../contract/compose-for-test.ts';
import { faults } from '../../support/failing-files.ts';
import { writeFiles } from '../../support/picture-files.ts';
import { readProjectRows } from '../../support/project-rows.ts';
import { saveRun } from '../../support/saved-runs.ts';
import { isSoak, note, soakTimeoutMs } from '../../support/soak.ts';

vi.mock('node:fs/promises', async (original) => {
  const { failing } = await import('../../support/failing-files.ts');
  return failing(await original());
});
vi.mock('node:fs', async (original) => {
  const { failing } = await import('../../support/failing-files.ts');
  return failing(await original());
});

// Each way in which Graft saves, with the n-th call of the file system failing. SQLite's own failures are SQLite's to test;
// full-disk.spec.ts has a real full disk.

const codes = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EBUSY'] as const;

interface Bench {
  readonly client: Client;
  readonly project: OpenProject;
  readonly home: string;
  readonly source: string;
  grant(folder: string): Promise<string>;
}

/** One way to save: `save` makes the state named by `mark` of the other, `read` says which of the two is there. */
interface SavePath {
  readonly name: string;
  /** Tried less often in `npm test`. */
  readonly isSlow?: boolean;
  save(bench: Bench, mark: string): Promise<unknown>;
  read(bench: Bench): unknown;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8')) as unknown;

const savePaths: readonly SavePath[] = [
  {
    name: 'the settings',
    save: ({ client }, mark) => client.call('settings.set', { language: 'en', theme: mark === 'a' ? 'dark' : 'light' }),
    read: ({ home }) => (json(path.join(home, 'config', 'settings.json')) as { theme: string }).theme,
  },
  {
    name: 'the name of a project',
    save: ({ client, project }, mark) => client.call('project.rename', { projectId: project.id, name: `Name ${mark}` }),
    read: ({ project }) => (json(path.join(project.path, 'project.json')) as { name: string }).name,
  },
  {
    name: 'a pipeline',
    save: async ({ client, project }, mark) => {
      const { pipelines } = await client.call('pipeline.list', { projectId: project.id });
      const classic = pipelines.find(({ id }) => id === 'classic')!;
      await client.call('pipeline.save', { projectId: project.id, pipeline: { ...classic, name: `Classic ${mark}` } });
    },
    read: ({ project }) => (json(path.join(project.path, 'pipelines', 'classic.json')) as { name: string }).name,
  },
  {
    name: 'the record of a run',
    save: ({ client, project }, mark) =>
      client.call('run.rename', { projectId: project.id, runId: 'run-1-cafe' as never, name: `Run ${mark}` }),
    read: ({ project }) => (json(path.join(project.path, 'runs', 'run-1-cafe', 'run.json')) as { name: string }).name,
  },
  {
    name: 'a snapshot',
    isSlow: true,
    save: ({ client, project }) => client.call('snapshot.take', { projectId: project.id }),
    // What has a name is whole, and there is never none.
    read: async ({ client, project }) => {
      const { snapshots } = await client.call('snapshot.list', { projectId: project.id });
      const names = (await readdir(path.join(project.path, 'snapshots'))).filter((name) => !name.startsWith('.'));
      expect(names.toSorted()).toEqual(snapshots.map(({ id }) => id as string).toSorted());
      for (const { id } of snapshots) {
        expect(readProjectRows(path.join(project.path, 'snapshots', id)).images.length).toBeGreaterThan(0);
      }
      return snapshots.length > 0 && snapshots.length <= 10;
    },
  },
  {
    name: 'an earlier state',
    isSlow: true,
    save: async ({ client, project }, mark) => {
      const rows = readProjectRows(project.path);
      const classId = rows.classes[mark === 'a' ? 0 : 1]!.id;
      await client.call('dataset.setLabel', { projectId: project.id, imageIds: [rows.images[0]!.id], classId });
      const { snapshots } = await client.call('snapshot.list', { projectId: project.id });
      await client.call('snapshot.restore', { projectId: project.id, snapshotId: snapshots.at(-1)!.id });
    },
    read: ({ project }) => {
      const { damage, images } = readProjectRows(project.path);
      expect(damage).toEqual([]);
      return images.length;
    },
  },
];

const importing: SavePath = {
  name: 'an import',
  save: async (bench) => {
    const folder = (await bench.grant(bench.source)) as never;
    const job = await new Promise<ImportJob>((resolve, reject) => {
      const stop = bench.client.on('import.changed', ({ job: one }) => {
        if (one.status === 'running') return;
        stop();
        resolve(one);
      });
      bench.client.call('import.start', { projectId: bench.project.id, sources: [folder], ratios: null }).catch(reject);
    });
    if (job.status === 'failed') throw new AppError('no-access', job.reason ?? '');
    return job;
  },
  // Each row has its whole file.
  read: ({ project }) => {
    const { damage, images } = readProjectRows(project.path);
    const torn = images.filter(({ id, format }) => {
      const bytes = readFileSync(path.join(project.path, 'images', id.slice(0, 2), `${id}.${format}`));
      return bytes.length < 50;
    });
    expect([damage, torn]).toEqual([[], []]);
    return 'whole';
  },
};

describe('when one call of the file system fails, or all from then on', () => {
  let bench: Bench;
  let close: () => Promise<void>;
  let errors: readonly string[];

  beforeAll(async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'graft-test-'));
    const composed = await composeIn(home);
    errors = composed.errors;
    const { core } = composed;
    const client = createInProcessClient(core);
    const project = await client.call('project.create', { name: 'Faulty', parent: null });
    const source = path.join(home, 'source');
    await writeFiles(source, { 'a/1.png': 1, 'a/2.png': 2, 'b/3.png': 3, 'b/4.png': 4 });
    bench = {
      ...{ client, project, home, source },
      grant: async (folder) => (await core.host.grantFolder(folder)).token,
    };
    await importing.save(bench, 'a');
    const classes = readProjectRows(project.path).classes.map(({ id, name }, order) => ({ id, name, order }));
    const dataset = { revision: 1, classes, images: [] } as never;
    await saveRun(project, dataset, { number: 1, status: 'completed', accuracies: [0.5], predictions: [] });
    await client.call('snapshot.take', { projectId: project.id });
    close = async () => {
      faults.arm(null);
      await core.close();
      // What a failed save began in the background may end a moment later.
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    };
  });
  afterAll(() => close());

  /** Saves with every fault, and expects the old state or the new one, a failure in words, and that the next save works. */
  async function expectWhole(
    { name, save, read, isSlow = false }: SavePath,
    setUp: () => Promise<void> | void,
  ): Promise<void> {
    await setUp();
    faults.arm(null);
    await save(bench, 'a');
    const calls = faults.calls;
    expect(calls).toBeGreaterThan(3);
    const states = new Set([JSON.stringify(await read(bench))]);
    await setUp();
    await save(bench, 'b');
    states.add(JSON.stringify(await read(bench)));
    let [trials, failures] = [0, 0];
    const step = isSoak ? 1 : Math.max(1, Math.floor(calls / (isSlow ? 2 : 4)));
    for (const code of isSoak ? codes : isSlow ? codes.slice(0, 1) : (['ENOSPC', 'EMFILE'] as const)) {
      for (let call = 1; call <= calls; call += step) {
        for (const isForEver of [false, true]) {
          await setUp();
          faults.arm({ call, code, isForEver });
          const mark = trials % 2 === 0 ? 'a' : 'b';
          const outcome = await withinTime(save(bench, mark));
          faults.arm(null);
          trials += 1;
          if (outcome !== null) failures += 1;
          const where = `${name}, ${code} at call ${call}${isForEver ? ' and on' : ''}`;
          if (outcome !== null) expect(outcome, where).toBeInstanceOf(AppError);
          expect((outcome as AppError | null)?.code, `${where}: ${String(outcome)}`).not.toBe('bug');
          expect([...states], where).toContain(JSON.stringify(await read(bench)));
        }
      }
    }
    await setUp();
    faults.hasShortWrites = true;
    await save(bench, 'a');
    faults.hasShortWrites = false;
    expect([...states]).toContain(JSON.stringify(await read(bench)));
    note(`${name}: ${calls} calls, ${trials} trials, ${failures} told as failed, 0 torn`);
    // What is done in the background is only logged; a command that broke is a mistake of Graft's.
    expect(errors.filter((line) => / failed: /.test(line))).toEqual([]);
  }

  it.each(savePaths)('$name is the old or the new, whole', { timeout: soakTimeoutMs }, async (savePath) => {
    await expectWhole(savePath, () => undefined);
  });

  it('an import has rows with whole files, and completes afterwards', { timeout: soakTimeoutMs }, async () => {
    let number = 10;
    await expectWhole(importing, async () => {
      number += 3;
      await writeFiles(bench.source, { 'a/x.png': number, 'b/y.png': number + 1, 'b/z.png': number + 2 });
    });
    const job = (await importing.save(bench, 'a')) as ImportJob;
    expect([job.status, job.skipped]).toEqual(['completed', 0]);
  });

  it('a project is made whole or not at all', { timeout: soakTimeoutMs }, async () => {
    let number = 0;
    const making: SavePath = {
      name: 'a new project',
      save: async ({ client }) => {
        number += 1;
        await client.call('project.create', { name: `New ${number}`, parent: null });
      },
      read: async ({ home, client }) => {
        const folder = path.join(home, 'projects');
        for (const name of await readdir(folder)) {
          const files = await readdir(path.join(folder, name));
          if (files.includes('project.json')) expect(files).toContain('project.sqlite');
        }
        const { projects } = await client.call('project.list', {});
        return projects.every(({ isPresent }) => isPresent);
      },
    };
    await expectWhole(making, () => undefined);
  });
});

async function withinTime(save: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(new Error('It hangs')), 20_000);
  });
  const outcome = await Promise.race([
    save.then(
      () => null,
      (error: unknown) => error,
    ),
    late,
  ]);
  clearTimeout(timer);
  return outcome;
}
