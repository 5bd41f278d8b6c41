import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluateLabels } from '../../src-shared/domain/label-evaluation.ts';
import { classIdSchema } from '../../src-shared/domain/ids.ts';
import { labelPredictionSchema } from '../../src-shared/domain/run.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { attachHead, featuresLayerName, headStageName } from '../../src-main/network/attach-head.ts';
import { readLayersModel, writeLayersModel, type WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { createNetwork, inputLayer, outputLayer } from '../../src-main/network/network.ts';
import { trainableWeights } from '../../src-main/network/parameters.ts';
import { binaryCrossEntropy } from '../../src-main/trainer/executors/binary-cross-entropy.ts';
import type { TrainingBatch } from '../../src-main/trainer/executors/executor.ts';
import { headEngines, inferenceEngines } from '../support/engine.ts';
import { curvesOf, linesOf, metricsOf, runJob, weightsOf } from '../support/run-tiny.ts';
import { withRandomWeights } from '../support/tiny-networks.ts';
import { makeTinyRuns, tinyProjectId } from '../support/tiny-runs.ts';
import { anotherRun, makeTinyJob } from '../support/tiny-training.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

function sigmoidNetwork(): WeightedNetwork {
  const backbone = createNetwork(
    'tiny',
    [
      { kind: 'input', name: 'image', inputs: [], shape: [4, 4, 3] },
      {
        ...{ kind: 'conv', name: 'stem', inputs: ['image'], filters: 5, kernelSize: [3, 3], strides: [2, 2] },
        ...{ padding: 'same', hasBias: true },
      },
    ],
    [{ name: 'stem', layers: ['stem'] }],
  );
  return attachHead(withRandomWeights(backbone), { classCount: 3, seed: 4, probabilities: 'sigmoid' });
}

const count = 6;

function randomBatch(): TrainingBatch {
  const random = createRandom(3);
  return {
    count,
    values: Float32Array.from({ length: count * 5 }, () => random.uniform(-2, 3)),
    targets: Float32Array.from({ length: count * 3 }, () => [0, 0.05, 0.95, 1][random.integer(4)] ?? 0),
    positiveWeights: Float32Array.of(1, 4, 0.5),
    seed: 0,
  };
}

describe.each(Object.entries(headEngines))('a sigmoid head on %s', (_name, open) => {
  it('has the loss, probabilities and gradients that follow from its logits', async () => {
    const model = sigmoidNetwork();
    const { executor } = await open(model);
    const trainable = trainableWeights(executor.network, { fromStage: headStageName, batchNorm: 'frozen' });
    executor.beginTraining({ from: featuresLayerName, trainable, batchNorm: 'frozen' });
    const batch = randomBatch();
    const kernel = model.weights.get('classifier/kernel')?.values ?? new Float32Array();
    const logits = Float32Array.from({ length: count * 3 }, (_, index) => {
      const [row, column] = [Math.floor(index / 3), index % 3];
      return Array.from({ length: 5 }).reduce<number>(
        (sum, _value, place) => sum + (batch.values[row * 5 + place] ?? 0) * (kernel[place * 3 + column] ?? 0),
        0,
      );
    });
    const expected = binaryCrossEntropy(logits, batch);
    const step = await executor.computeGradients(batch);
    expect(step.loss).toBeCloseTo(expected.loss, 5);
    expected.probabilities.forEach((value, index) => expect(step.probabilities[index]).toBeCloseTo(value, 5));
    const bias = step.gradients.get('classifier/bias')?.dataSync() ?? [];
    for (let column = 0; column < 3; column += 1) {
      const sum = expected.gradient.reduce((total, value, index) => total + (index % 3 === column ? value : 0), 0);
      expect(bias[column]).toBeCloseTo(sum, 5);
    }
    const first = step.gradients.get('classifier/kernel')?.dataSync()[0];
    const ofFirst = expected.gradient.reduce(
      (total, value, index) => total + (index % 3 === 0 ? value * (batch.values[Math.floor(index / 3) * 5] ?? 0) : 0),
      0,
    );
    expect(first).toBeCloseTo(ofFirst, 5);
    step.dispose();
    const to = outputLayer(executor.network).name;
    const inferred = await executor.infer({ from: featuresLayerName, to, count, values: batch.values });
    inferred.forEach((value, index) => expect(value).toBeCloseTo(expected.probabilities[index] ?? NaN, 5));
    executor.dispose();
  });
});

it('a sigmoid head is read from its file as it was written, and every engine infers the same', async () => {
  const model = sigmoidNetwork();
  const again = readLayersModel(writeLayersModel(model.network, model.weights));
  expect(again.network).toEqual(model.network);
  const random = createRandom(9);
  const values = Float32Array.from({ length: 2 * 4 * 4 * 3 }, () => random.uniform(-1, 1));
  const [from, to] = [inputLayer(model.network).name, outputLayer(model.network).name];
  const answers = [];
  for (const open of Object.values(inferenceEngines)) {
    const executor = await open(again);
    answers.push(await executor.infer({ from, to, count: 2, values }));
    executor.dispose();
  }
  const [first, ...others] = answers;
  for (const other of others) other.forEach((value, index) => expect(value).toBeCloseTo(first?.[index] ?? NaN, 5));
});

describe.each(['feature-extraction', 'fine-tuning'] as const)('a multi-label training by %s', (mode) => {
  it('learns which of three colours are there, says so of what was held out, and gives the same bits again', async () => {
    const job = await makeTinyJob({ epochs: 12, learningRate: 0.5 }, mode, 'multi-label');
    folders.push(path.dirname(job.runFolder));
    expect((await runJob(job)).at(-1)).toMatchObject({ type: 'trained', wasCancelled: false });
    const epochs = (await metricsOf(job)).filter((metric) => metric.type === 'epoch');
    expect(epochs.at(-1)?.training.loss).toBeLessThan((epochs[0]?.training.loss ?? 0) * 0.8);
    for (const { validation } of epochs) expect(validation?.meanAveragePrecision).toBeGreaterThan(0);
    const predictions = (await linesOf(job, 'predictions.jsonl')).map((line) =>
      v.parse(labelPredictionSchema, JSON.parse(line)),
    );
    const classes = job.classNames.map((name) => ({ id: v.parse(classIdSchema, name), name }));
    const { meanAveragePrecision, perClass } = evaluateLabels(predictions, classes, 'test');
    expect(perClass.map(({ support }) => support)).toEqual([3, 2, 3]);
    expect(meanAveragePrecision).toBeGreaterThan(0.9);

    const again = await anotherRun(job, 'again');
    await runJob(again);
    expect(await curvesOf(again)).toEqual(await curvesOf(job));
    expect((await weightsOf(again)).equals(await weightsOf(job))).toBe(true);
  });
});

it('a multi-label training takes mixing, smoothing and class weights', async () => {
  const job = await makeTinyJob(
    {
      mixing: { kind: 'mixup', alpha: 0.4 },
      labelSmoothing: 0.1,
      classBalance: 'class-weights',
      epochs: 8,
      learningRate: 0.5,
    },
    'feature-extraction',
    'multi-label',
  );
  folders.push(path.dirname(job.runFolder));
  await runJob(job);
  const epochs = (await metricsOf(job)).filter((metric) => metric.type === 'epoch');
  expect(epochs.at(-1)?.validation?.meanAveragePrecision).toBeGreaterThan(0.9);
});

it('the runs of a multi-label project are judged class by class, predict what is there, and refuse what knows one class', async () => {
  const tiny = await makeTinyRuns({ epochs: 12, learningRate: 0.5 }, 'feature-extraction', 'multi-label');
  folders.push(path.dirname(tiny.job.runFolder));
  try {
    const { runs, job } = tiny;
    await expect(tiny.train({ classBalance: 'balanced-sampling' })).rejects.toThrow(/Choose class weights/);
    const record = await tiny.train();
    expect(record).toMatchObject({ status: 'completed', labelling: 'multi-label', result: null });
    expect(record.labelResult).toMatchObject({ split: 'test', total: 6 });
    expect(record.labelResult?.meanAveragePrecision).toBeGreaterThan(0.9);
    const ofRun = [tinyProjectId, record.id] as const;
    const judged = await runs.evaluateLabels(...ofRun, 'test');
    expect(judged.meanAveragePrecision).toBe(record.labelResult?.meanAveragePrecision);
    // Nothing was saved of the training images: they are judged now, with the labels that they have now.
    expect((await runs.evaluateLabels(...ofRun, 'training')).images).toHaveLength(18);
    const image = job.images.find(({ label }) => typeof label !== 'number' && label.length === 2);
    const { top, threshold } = await runs.predict({
      ...{ projectId: tinyProjectId, runId: record.id },
      source: { kind: 'image', imageId: image?.imageId ?? ('' as never) },
    });
    expect({ threshold, count: top.length }).toEqual({ threshold: 0.5, count: 3 });
    await expect(runs.evaluate(...ofRun, null)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(runs.compare(tinyProjectId, record.id, record.id)).rejects.toMatchObject({ code: 'unsupported' });
    expect(await runs.wrongInEvery(tinyProjectId)).toBeNull();
    expect(await runs.summarize({ id: tinyProjectId, paths: tiny.paths })).toMatchObject({ bestAccuracy: null });
  } finally {
    await tiny.close();
  }
});
