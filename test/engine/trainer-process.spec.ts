import { readdirSync } from 'node:fs';
import { fork, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FromTrainer, ToTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { train } from '../../src-main/trainer/train/train-job.ts';
import { recordingLink } from '../support/recording-link.ts';
import { judgedTestImages } from '../support/tiny-export.ts';
import { anotherRun, makeTinyJob } from '../support/tiny-training.ts';

const entry = fileURLToPath(new URL('../../src-main/trainer/main.ts', import.meta.url));
let job: TrainJob;
const children: ChildProcess[] = [];

beforeAll(async () => {
  job = await makeTinyJob();
  await train(job, recordingLink().link);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(path.dirname(job.runFolder), { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly said: FromTrainer[];
  readonly exited: Promise<number | null>;
  tell(message: ToTrainer): void;
  hear(isIt: (message: FromTrainer) => boolean): Promise<FromTrainer>;
}

function startTrainer(first: ToTrainer): Started {
  const child = fork(entry, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  children.push(child);
  const said: FromTrainer[] = [];
  child.on('message', (message: FromTrainer) => void said.push(message));
  const tell = (message: ToTrainer): void => void child.send(message);
  tell(first);
  return {
    child,
    said,
    tell,
    exited: new Promise((resolve) => child.on('exit', resolve)),
    async hear(isIt) {
      for (;;) {
        const found = said.find(isIt);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

describe('the trainer process', () => {
  it('answers predictions as the run judged itself, also for files that are no pictures, until it is cancelled', async () => {
    const [image] = await judgedTestImages(job);
    const trainer = startTrainer({ type: 'start', job: { ...job, kind: 'predict' } });
    await trainer.hear(({ type }) => type === 'ready');
    trainer.tell({ type: 'predict', id: 1, path: entry });
    trainer.tell({ type: 'predict', id: 2, path: image?.path ?? '' });
    const bad = await trainer.hear((message) => message.type === 'predicted' && message.id === 1);
    expect(bad).toMatchObject({ result: { ok: false, error: { retry: false } } });
    const good = await trainer.hear((message) => message.type === 'predicted' && message.id === 2);
    if (good.type !== 'predicted' || !good.result.ok) throw new Error('Expected a prediction');
    expect(good.result).toMatchObject({ width: 12, height: 10 });
    good.result.probabilities.forEach((probability, index) => {
      expect(probability).toBeCloseTo(image?.probabilities[index] ?? -1, 5);
    });
    await trainer.hear(({ type }) => type === 'heartbeat');
    trainer.tell({ type: 'cancel' });
    expect(await trainer.exited).toBe(0);
  });

  it('says everything before it ends', async () => {
    const trainer = startTrainer({ type: 'start', job: await anotherRun(job, 'whole') });
    expect(await trainer.exited).toBe(0);
    expect(trainer.said.some(({ type }) => type === 'trained')).toBe(true);
  });

  it('tells an expected failure and ends', async () => {
    const trainer = startTrainer({ type: 'start', job: { ...job, backboneFolder: '/nowhere' } });
    expect(await trainer.exited).toBe(0);
    expect(trainer.said.at(-1)).not.toMatchObject({ type: 'trained' });
    expect(trainer.said).toContainEqual(expect.objectContaining({ type: 'failed' }));
  });

  it('writes a checkpoint and ends when its parent goes away', async () => {
    const long = await anotherRun({ ...job, recipe: { ...job.recipe, epochs: 10_000 } }, 'abandoned');
    const trainer = startTrainer({ type: 'start', job: long });
    await trainer.hear(({ type }) => type === 'metrics');
    trainer.child.disconnect();
    expect(await trainer.exited).toBe(0);
    expect(readdirSync(path.join(long.runFolder, 'checkpoints')).length).toBeGreaterThan(0);
  });
});
