import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { Probe } from '../../src-shared/domain/probe.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { ProbeService } from '../../src-main/services/probe/probe-service.ts';
import { makeTinyRuns, tinyProjectId, type TinyRuns } from '../support/tiny-runs.ts';

const made: { readonly tiny: TinyRuns; readonly probes: ProbeService }[] = [];
afterAll(async () => {
  for (const { tiny, probes } of made) {
    await probes.giveWay();
    await tiny.close();
    await rm(path.dirname(tiny.job.runFolder), { recursive: true, force: true });
  }
});

async function setUp(...args: Parameters<typeof makeTinyRuns>): Promise<(typeof made)[number]> {
  const tiny = await makeTinyRuns(...args);
  const probes = new ProbeService({ ...tiny.deps, isTraining: () => tiny.runs.isBusy() });
  made.push({ tiny, probes });
  return { tiny, probes };
}

function latest({ events }: TinyRuns, id: Probe['id']): Probe | undefined {
  return events
    .flatMap(({ name, payload }) => (name === 'probe.changed' ? [payload.probe] : []))
    .findLast((probe) => probe.id === id);
}

async function ended(tiny: TinyRuns, id: Probe['id']): Promise<Probe> {
  for (;;) {
    const probe = latest(tiny, id);
    if (probe && probe.status !== 'working') return probe;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a search for a learning rate', () => {
  it.each(['feature-extraction', 'fine-tuning'] as const)(
    'by %s raises the rate evenly until the loss leaves its least, and suggests rates at which a run learns',
    async (mode) => {
      const { tiny, probes } = await setUp({}, mode);
      const { id } = await probes.start('learning-rate', tinyProjectId, tiny.recipe);
      const probe = await ended(tiny, id);
      if (probe.kind !== 'learning-rate') throw new Error('Expected a search');
      expect(probe).toMatchObject({ status: 'completed', value: 1, reason: null });
      const { points, valley } = probe.search;
      expect(points.length).toBeGreaterThan(60);
      points.forEach(({ learningRate }, index) => {
        expect(learningRate / (1e-7 * 1e8 ** (index / 99))).toBeCloseTo(1, 6);
      });
      expect(valley).toBeGreaterThan(1e-5);
      // It came while the search went on, too.
      const sizes = tiny.events.flatMap(({ name, payload }) =>
        name === 'probe.changed' && payload.probe.kind === 'learning-rate' ? [payload.probe.search.points.length] : [],
      );
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
      const record = await tiny.train({ learningRate: valley ?? 0, epochs: 10 });
      const epochs = (await tiny.metrics(record.id)).filter((metric) => metric.type === 'epoch');
      expect(epochs.at(-1)?.training.loss).toBeLessThan(epochs[0]?.training.loss ?? 0);
      expect(await readdir(path.join(tiny.paths.cache, 'probes'))).toEqual([]);
    },
  );

  it('gives way to a training, and does not begin beside one', async () => {
    const { tiny, probes } = await setUp();
    const { id } = await probes.start('learning-rate', tinyProjectId, tiny.recipe);
    await probes.giveWay();
    expect(await ended(tiny, id)).toMatchObject({ status: 'cancelled' });
    expect(() => probes.cancel(id)).toThrow('not at work');
    const { record } = await tiny.runs.start(tinyProjectId, tiny.recipe);
    await expect(probes.start('cost', tinyProjectId, tiny.recipe)).rejects.toMatchObject({ code: 'conflict' });
    await tiny.ended(record.id);
  });
});

describe('an estimate', () => {
  it.each(['feature-extraction', 'fine-tuning'] as const)(
    'of %s measures a step and the memory, and counts the steps of the whole run',
    async (mode) => {
      const { tiny, probes } = await setUp({}, mode);
      const { id } = await probes.start('cost', tinyProjectId, tiny.recipe);
      const probe = await ended(tiny, id);
      if (probe.kind !== 'cost') throw new Error('Expected an estimate');
      expect(probe).toMatchObject({ status: 'completed', reason: null });
      expect(probe.cost?.totalSteps).toBe(mode === 'fine-tuning' ? 25 : 15);
      expect(probe.cost?.secondsPerStep).toBeGreaterThan(0);
      expect(probe.cost?.totalSeconds).toBeGreaterThan(probe.cost?.secondsPerStep ?? 0);
      expect(probe.cost?.peakMemoryBytes).toBeGreaterThan(100e6);
      expect(await readdir(tiny.paths.features).catch(() => [])).toEqual([]);
    },
  );

  it('says why a recipe cannot run', async () => {
    const { tiny, probes } = await setUp();
    await rm(tiny.paths.images, { recursive: true });
    const { id } = await probes.start('cost', tinyProjectId, tiny.recipe);
    const { status, reason } = await ended(tiny, id);
    expect(status).toBe('failed');
    expect(textOf(reason ?? '')).toContain('.png');
  });
});

describe('a check of safety', () => {
  it('finds which strength of which step changes what the run sees', async () => {
    const { tiny, probes } = await setUp();
    const { id: runId } = await tiny.train({ epochs: 60, learningRate: 0.5 });
    const [flip, ...rest] = tiny.job.pipeline.training;
    if (!flip) throw new Error('Expected a flip first');
    const jitter = createStep('ColorJitter', 'jitter');
    const training = [flip, { ...jitter, parameters: { ...jitter.parameters, hue: 0.34 } }, ...rest];
    const input = { projectId: tinyProjectId, runId, pipeline: { ...tiny.job.pipeline, training } };
    const { id } = await probes.checkSafety(input);
    const probe = await ended(tiny, id);
    if (probe.kind !== 'safety') throw new Error('Expected a check of safety');
    expect(probe).toMatchObject({ status: 'completed', value: 1, reason: null });
    const [mirrored, hue] = probe.report.axes;
    const { imageCount } = probe.report;
    expect(imageCount).toBeGreaterThan(6);
    expect(mirrored).toMatchObject({ stepId: 'flip', field: null, points: [{ judged: imageCount, changed: 0 }] });
    // Pictures of one colour each: a third of a turn makes another class of every one.
    expect(hue?.points.at(-1)).toMatchObject({ value: 0.34, judged: imageCount, changed: imageCount });
    expect(hue?.points.at(-1)?.examples[0]?.predicted).not.toBe(hue?.points.at(-1)?.examples[0]?.label);
  });

  it('says what to do where nothing is random, and for a run that is sure of nothing', async () => {
    const { tiny, probes } = await setUp();
    const { id: runId } = await tiny.train({ epochs: 60, learningRate: 0.5 });
    const { pipeline } = tiny.job;
    const still = { ...pipeline, training: pipeline.evaluation };
    await expect(probes.checkSafety({ projectId: tinyProjectId, runId, pipeline: still })).rejects.toThrow(
      'random step',
    );
    const { id: unsure } = await tiny.train({ epochs: 1, learningRate: 1e-6 });
    await expect(probes.checkSafety({ projectId: tinyProjectId, runId: unsure, pipeline })).rejects.toThrow('0.9');
  });
});
