import { readFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunSnapshot } from '../../../../src-shared/contract/run.contract.ts';
import type { Dataset } from '../../../../src-shared/domain/dataset.ts';
import { createStep, classicPipeline } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import type { Metric, RunStatus } from '../../../../src-shared/domain/run.ts';
import type { FromTrainer, ToTrainer } from '../../../../src-main/jobs/trainer-protocol.ts';
import type { RunService } from '../../../../src-main/services/run/run-service.ts';
import type { TrainerPatience } from '../../../../src-main/services/run/trainer-session.ts';
import {
  imageId,
  makeBench,
  makeDataset,
  pipelineId,
  projectId,
  recipe,
  type Bench,
  type ScriptedTrainer,
} from './run-support.ts';
import { say, textOf } from '../../../../src-shared/domain/sentence.ts';

const dataset: Dataset = makeDataset([
  ['cat', 'training'],
  ['dog', 'training'],
  ['cat', 'test'],
  ['dog', 'test'],
  ['bird', 'test'],
  [null, 'training'],
]);

const epoch: Metric = {
  type: 'epoch',
  phase: 'head',
  step: 1,
  epoch: 1,
  training: { loss: 0.7, accuracy: 0.5 },
  validation: null,
  isBest: true,
  seconds: 0.1,
};
const judgedEpoch = (number: number, accuracy: number): Metric => ({
  ...epoch,
  epoch: number,
  step: number,
  validation: { loss: 1, accuracy },
});
const trained: FromTrainer = { type: 'trained', wasCancelled: false, bestEpoch: 1, versions: { tensorflow: '2.21.0' } };
const impatient: TrainerPatience = { silenceMs: 60, cancelMs: 60, exitMs: 60 };

let bench: Bench | undefined;
let services: RunService[] = [];

afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
  services = [];
  await bench?.remove();
});

async function setUp(
  react: (message: ToTrainer, trainer: ScriptedTrainer) => void,
  patience?: TrainerPatience,
): Promise<{ bench: Bench; runs: RunService }> {
  const made = await makeBench(dataset, react);
  const runs = made.makeService({}, patience);
  bench = made;
  services.push(runs);
  return { bench: made, runs };
}

async function waitFor(runs: RunService, started: RunSnapshot, status: RunStatus): Promise<RunSnapshot> {
  return vi.waitFor(async () => {
    const snapshot = await runs.get(projectId, started.record.id);
    expect(snapshot.record.status).toBe(status);
    return snapshot;
  }, 5_000);
}

/** A trainer that trains at once: writes what a trainer writes and says what it says. */
function trainsAtOnce(message: ToTrainer, trainer: ScriptedTrainer): void {
  if (message.type !== 'start' || message.job.kind !== 'train') return;
  const { runFolder, images } = message.job;
  const lines = images
    .filter(({ split }) => split === 'test')
    .map(({ imageId: id, split, label }) => JSON.stringify({ imageId: id, split, label, probabilities: [0.8, 0.2] }));
  void (async () => {
    trainer.say({ type: 'status', status: 'training' });
    await appendFile(`${runFolder}/metrics.jsonl`, `${JSON.stringify(epoch)}\n`);
    trainer.say({ type: 'metrics', metrics: [epoch] }, { type: 'status', status: 'evaluating' });
    await writeFile(`${runFolder}/predictions.jsonl`, `${lines.join('\n')}\n`);
    trainer.say(trained);
    trainer.exit(0);
  })();
}

describe('a run', () => {
  it('ends with its record, curves and figures on disk, the same after a restart', async () => {
    const { bench: made, runs } = await setUp(trainsAtOnce);
    const started = await runs.start(projectId, recipe);
    const { record } = await waitFor(runs, started, 'completed');

    expect(record).toMatchObject({
      number: 1,
      name: 'Lite0, head only',
      classes: [{ name: 'cat' }, { name: 'dog' }],
      dataset: { revision: 7, training: 2, validation: 0, test: 2 },
      bestEpoch: 1,
      result: { split: 'test', accuracy: 0.5, correct: 1, total: 2 },
    });
    expect(record.versions).toMatchObject({ graft: '0.0.0-test', tensorflow: '2.21.0' });
    const restarted = made.makeService();
    services.push(restarted);
    expect(await restarted.get(projectId, record.id)).toMatchObject({ record, metrics: [epoch] });
    const evaluation = await restarted.evaluate(projectId, record.id, null);
    expect(evaluation.confusion).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('is no longer in the way of other work from the moment on that it tells its end', async () => {
    const { bench: made } = await setUp(trainsAtOnce);
    const busyAtEnd: boolean[] = [];
    const runs = made.makeService({
      emit: (name, payload) => {
        if (name === 'run.recordChanged' && 'record' in payload && payload.record.status === 'completed')
          busyAtEnd.push(runs.isBusy());
      },
    });
    services.push(runs);
    await waitFor(runs, await runs.start(projectId, recipe), 'completed');
    expect(busyAtEnd).toEqual([false]);
  });

  it('tells its end only when that stands on disk', async () => {
    const { bench: made } = await setUp(trainsAtOnce);
    const onDisk: unknown[] = [];
    const runs = made.makeService({
      emit: (name, payload) => {
        if (name !== 'run.recordChanged' || !('record' in payload) || payload.record.status !== 'completed') return;
        onDisk.push(JSON.parse(readFileSync(made.paths.run(payload.record.id).record, 'utf8')));
      },
    });
    services.push(runs);
    const { record } = await waitFor(runs, await runs.start(projectId, recipe), 'completed');
    expect(onDisk).toEqual([record]);
  });

  it('tells everything in order, so that snapshot and later events make the whole', async () => {
    const { bench: made, runs } = await setUp(trainsAtOnce);
    const started = await runs.start(projectId, recipe);
    await waitFor(runs, started, 'completed');
    const told = made.events.flatMap((event) => ('seq' in event.payload ? [event.payload.seq] : []));
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(new Set(told).size).toBe(told.length);
    const statuses = made.events.flatMap(({ name, payload }) =>
      name === 'run.recordChanged' ? [payload.record.status] : [],
    );
    expect([...new Set(statuses)]).toEqual(['queued', 'preparing', 'training', 'evaluating', 'completed']);
  });

  it('tells its validation curve while it trains, without the epochs that were not judged', async () => {
    const { runs } = await setUp((message, trainer) => {
      if (message.type === 'start')
        trainer.say({ type: 'metrics', metrics: [judgedEpoch(1, 0.5), judgedEpoch(2, 0.75), { ...epoch, epoch: 3 }] });
      else trainer.exit(0);
    });
    const { record } = await runs.start(projectId, recipe);
    const expected = [
      { epoch: 1, accuracy: 0.5 },
      { epoch: 2, accuracy: 0.75 },
    ];
    await vi.waitFor(async () =>
      expect(await runs.curves(projectId)).toEqual([{ runId: record.id, points: expected }]),
    );
  });

  it('waits while another trains', async () => {
    const { bench: made, runs } = await setUp((message, trainer) => {
      if (made.trainers.indexOf(trainer) === 1) trainsAtOnce(message, trainer);
    });
    const first = await runs.start(projectId, recipe);
    const second = await runs.start(projectId, recipe);
    await waitFor(runs, first, 'preparing');
    expect((await runs.get(projectId, second.record.id)).record).toMatchObject({ status: 'queued', number: 2 });
    expect(made.trainers).toHaveLength(1);

    made.trainers[0]?.exit(1);
    await waitFor(runs, second, 'completed');
    await waitFor(runs, first, 'interrupted');
  });

  it('is interrupted with what it had when its trainer is lost', async () => {
    const { bench: made, runs } = await setUp((message, trainer) => {
      if (message.type !== 'start') return;
      trainer.say({ type: 'status', status: 'training' }, { type: 'metrics', metrics: [epoch] });
      trainer.exit(null, 'SIGSEGV');
    });
    const started = await runs.start(projectId, recipe);
    const { record } = await waitFor(runs, started, 'interrupted');
    expect(record).toMatchObject({
      bestEpoch: 1,
      reason: say('trainerLostSaying', { how: 'signal SIGSEGV', words: 'Segmentation fault' }),
    });
    await vi.waitFor(async () => {
      expect(JSON.parse(await readFile(made.paths.run(record.id).record, 'utf8'))).toEqual(record);
    });
  });

  it('is interrupted when its trainer gives no sign of life', async () => {
    const { bench: made, runs } = await setUp(() => undefined, impatient);
    const { record } = await waitFor(runs, await runs.start(projectId, recipe), 'interrupted');
    expect(textOf(record.reason ?? '')).toContain('no sign of life');
    expect(made.trainers[0]?.wasKilled).toBe(true);
  });

  it('is cancelled by asking the trainer, which keeps and judges its best weights', async () => {
    const { runs } = await setUp((message, trainer) => {
      if (message.type === 'start') trainer.say({ type: 'status', status: 'training' });
      if (message.type !== 'cancel') return;
      trainer.say({ ...trained, wasCancelled: true });
      trainer.exit(0);
    });
    const started = await runs.start(projectId, recipe);
    await waitFor(runs, started, 'training');
    runs.cancel(projectId, started.record.id);
    const { record } = await waitFor(runs, started, 'cancelled');
    expect(record).toMatchObject({ bestEpoch: 1, reason: null });
  });

  it('is cancelled although the trainer does not listen', async () => {
    const { bench: made, runs } = await setUp(
      (message, trainer) => {
        if (message.type === 'start') trainer.say({ type: 'status', status: 'training' });
      },
      { ...impatient, silenceMs: 5_000 },
    );
    const started = await runs.start(projectId, recipe);
    await waitFor(runs, started, 'training');
    runs.cancel(projectId, started.record.id);
    await waitFor(runs, started, 'cancelled');
    expect(made.trainers[0]?.wasKilled).toBe(true);
  });

  const onCard = {
    runtime: {
      ensureFor: () =>
        Promise.resolve({
          kind: 'cuda',
          way: 'wheel',
          version: '2.21.0',
          folder: '',
          bindingPath: '',
          packageRoot: '',
        } as const),
    },
  };

  it('is interrupted with the card as its reason when that takes the trainer along', async () => {
    const words = 'E stream.cc:1 failed to enqueue async memcpy\nF gpu.cc:9 Stream is not OK\nAborted';
    const { bench: made, runs } = await setUp((said, trainer) => {
      if (said.type === 'start') trainer.exit(null, 'SIGABRT', words);
    });
    const onTheCard = made.makeService(onCard);
    const { record } = await waitFor(onTheCard, await onTheCard.start(projectId, recipe), 'interrupted');
    expect(textOf(record.reason ?? '')).toMatch(
      /^The graphics card failed: F gpu.cc:9 Stream is not OK.*best weights/u,
    );
    const other = await waitFor(runs, await runs.start(projectId, recipe), 'interrupted');
    expect(textOf(other.record.reason ?? '')).not.toContain('graphics card');
  });

  it('fails with the words of the trainer', async () => {
    const { runs } = await setUp((message, trainer) => {
      if (message.type !== 'start') return;
      trainer.say({
        type: 'failed',
        error: { code: 'training-failed', message: 'The loss is not a number.', retry: false },
      });
      trainer.exit(0);
    });
    const { record } = await waitFor(runs, await runs.start(projectId, recipe), 'failed');
    expect(record.reason).toBe('The loss is not a number.');
  });

  it('is interrupted when Graft closes, and found interrupted after a crash', async () => {
    const { bench: made, runs } = await setUp((message, trainer) => {
      if (message.type === 'start') trainer.say({ type: 'status', status: 'training' });
      if (message.type === 'cancel') trainer.exit(0);
    });
    const started = await runs.start(projectId, recipe);
    const { record } = await waitFor(runs, started, 'training');
    const asLeftByACrash = JSON.stringify(record);
    await runs.close();
    expect((await runs.get(projectId, record.id)).record).toMatchObject({ status: 'interrupted' });

    await writeFile(made.paths.run(record.id).record, asLeftByACrash);
    let isWriterAlive = true;
    const reader = made.makeService({
      project: () => ({
        id: projectId,
        paths: made.paths,
        labelling: 'single-label' as const,
        readOnlyBecause: 'the app',
        isWriterAlive: () => isWriterAlive,
        assertWritable: () => undefined,
      }),
    });
    const writer = made.makeService();
    services.push(reader, writer);
    expect((await reader.list(projectId)).map(({ status }) => status)).toEqual(['training']);
    // The writer is gone: nobody trains it, though nobody who reads may write that down.
    isWriterAlive = false;
    expect((await reader.list(projectId)).map(({ status }) => status)).toEqual(['interrupted']);
    expect(await readFile(made.paths.run(record.id).record, 'utf8')).toBe(asLeftByACrash);
    isWriterAlive = true;
    expect((await writer.list(projectId)).map(({ status }) => status)).toEqual(['interrupted']);
    expect((await reader.list(projectId)).map(({ status }) => status)).toEqual(['interrupted']);
  });
});

describe('starting a run', () => {
  it('refuses a single class, naming it', async () => {
    const made = await makeBench(
      makeDataset([
        ['cat', 'training'],
        ['dog', 'test'],
      ]),
      trainsAtOnce,
    );
    bench = made;
    await expect(made.makeService().start(projectId, recipe)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('only “cat” has any') as string,
    });
  });

  it('refuses to train from a stage that the backbone lacks', async () => {
    const { runs } = await setUp(trainsAtOnce);
    const from = { ...recipe, mode: 'fine-tuning', trainableFrom: 'block9' } as const;
    await expect(runs.start(projectId, from)).rejects.toThrow(
      'EfficientNet-Lite0 has no stage “block9” to train from.',
    );
  });

  it('refuses a pipeline with an error, naming list and step', async () => {
    const classic = classicPipeline(pipelineId, 'Classic');
    const evaluation = [createStep('RandomHorizontalFlip', 'flip'), ...classic.evaluation];
    const made = await makeBench(dataset, trainsAtOnce, { ...classic, evaluation });
    bench = made;
    await expect(made.makeService().start(projectId, recipe)).rejects.toThrow(
      'The evaluation list of the pipeline “Classic” cannot run at step 1 (RandomHorizontalFlip): random steps never run in evaluation.',
    );
  });
});

describe('predicting', () => {
  it('keeps one process for a run and says what the network sees', async () => {
    const { bench: made, runs } = await setUp((message, trainer) => {
      if (message.type === 'start' && message.job.kind === 'train') trainsAtOnce(message, trainer);
      if (message.type === 'cancel') trainer.exit(0);
      if (message.type !== 'predict') return;
      const result = { ok: true, probabilities: [0.25, 0.75], width: 400, height: 200 } as const;
      trainer.say({ type: 'predicted', id: message.id, result });
    });
    const { record } = await waitFor(runs, await runs.start(projectId, recipe), 'completed');
    await expect(
      runs.predict({ projectId, runId: record.id, source: { kind: 'image', imageId: imageId(2) } }),
    ).rejects.toMatchObject({ code: 'not-found' });
    const { model, weights } = made.paths.run(record.id);
    await Promise.all([writeFile(model, '{}'), writeFile(weights, 'x')]);

    const ask = () => runs.predict({ projectId, runId: record.id, source: { kind: 'image', imageId: imageId(2) } });
    const answers = await Promise.all([ask(), ask()]);
    expect(made.trainers).toHaveLength(2);
    expect(answers[1]).toMatchObject({
      top: [
        { class: 'dog', probability: 0.75 },
        { class: 'cat', probability: 0.25 },
      ],
      width: 400,
      height: 200,
      seen: [100, 0, 200, 200],
    });
  });
});
