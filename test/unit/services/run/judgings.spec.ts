import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunService } from '../../../../src-main/services/run/run-service.ts';
import { makeBench, makeDataset, projectId, recipe, type Bench } from './run-support.ts';

const dataset = makeDataset([
  ['cat', 'training'],
  ['dog', 'training'],
  ['cat', 'test'],
  ['dog', 'test'],
]);

let bench: Bench | undefined;
let service: RunService | undefined;

afterEach(async () => {
  await service?.close();
  await bench?.remove();
});

describe('judging a split that nothing was saved of', () => {
  /** A run with weights and without predictions; its predictor answers the first image alone. */
  async function setUpJudging() {
    let isAnswering = false;
    let datasetReads = 0;
    const withheld: (() => void)[] = [];
    const made = await makeBench(dataset, (message, trainer) => {
      if (message.type === 'start' && message.job.kind === 'train') {
        trainer.say({ type: 'trained', wasCancelled: false, bestEpoch: 1, versions: {} });
        trainer.exit(0);
      }
      if (message.type === 'cancel') trainer.exit(0);
      if (message.type !== 'predict') return;
      const result = { ok: true, probabilities: [0.25, 0.75], width: 32, height: 32 } as const;
      const answer = (): void => trainer.say({ type: 'predicted', id: message.id, result });
      if (isAnswering || message.id === 1) answer();
      else withheld.push(answer);
    });
    bench = made;
    const runs = (service = made.makeService({
      readDataset: () => {
        datasetReads += 1;
        return dataset;
      },
    }));
    const started = await runs.start(projectId, recipe);
    const record = await vi.waitFor(async () => {
      const latest = await runs.record(projectId, started.record.id);
      expect(latest.status).toBe('completed');
      return latest;
    });
    const { model, weights } = made.paths.run(record.id);
    await Promise.all([writeFile(model, '{}'), writeFile(weights, 'x')]);
    const told = (): readonly unknown[] => made.events.filter(({ name }) => name === 'run.imagesJudged');
    function answerAll(): void {
      isAnswering = true;
      for (const answer of withheld) answer();
    }
    return { made, runs, record, told, answerAll, datasetReads: () => datasetReads };
  }

  it('stops when it is cancelled: the trainer forgets what it was asked, and judges again when asked anew', async () => {
    const { made, runs, record, told, answerAll } = await setUpJudging();
    const outcome = runs.evaluate(projectId, record.id, null).catch((error: unknown) => error);
    const predictor = await vi.waitFor(() => {
      const last = made.trainers.at(-1);
      expect(last?.received.filter(({ type }) => type === 'predict')).toHaveLength(2);
      return last;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(told()).toEqual([
      { name: 'run.imagesJudged', payload: { projectId, runId: record.id, split: 'test', done: 0, total: 2 } },
    ]);

    runs.cancelEvaluation(projectId, record.id);
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    expect(predictor?.received.at(-1)).toEqual({ type: 'withdraw', ids: [2] });

    answerAll();
    expect(await runs.evaluate(projectId, record.id, null)).toMatchObject({ split: 'test', accuracy: 0.5 });
    expect(told().at(-1)).toMatchObject({ payload: { done: 2, total: 2 } });
    expect(made.trainers.at(-1)).toBe(predictor);
  });

  it('is shared by all who ask for it at the same time', async () => {
    const { made, runs, record, answerAll, datasetReads } = await setUpJudging();
    const before = datasetReads();
    const ask = () => runs.evaluate(projectId, record.id, 'test');
    const both = Promise.all([ask(), ask()]);
    // A judging is asked for right after the images are read; the first is held open until the second has come.
    await vi.waitFor(() => {
      expect(datasetReads()).toBe(before + 2);
    });
    await new Promise((resolve) => setImmediate(resolve));
    answerAll();
    const [one, other] = await both;
    expect(other).toEqual(one);
    expect(made.trainers.at(-1)?.received.filter(({ type }) => type === 'predict')).toHaveLength(2);
  });
});
