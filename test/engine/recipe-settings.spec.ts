import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { say } from '../../src-shared/domain/sentence.ts';
import { optimizerDefaults } from '../../src-shared/domain/recipe/optimizer.ts';
import type { Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import type { EpochMetric } from '../../src-shared/domain/run.ts';
import type { TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { readLayersModel } from '../../src-main/network/layers-model.ts';
import type { NetworkWeights } from '../../src-main/network/weights.ts';
import { attachHead } from '../../src-main/network/attach-head.ts';
import { loadModel } from '../../src-main/trainer/load-model.ts';
import { atStep, curvesOf, metricsOf, runJob, weightsOf } from '../support/run-tiny.ts';
import { anotherRun, makeTinyJob } from '../support/tiny-training.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function tinyJob(...args: Parameters<typeof makeTinyJob>): Promise<TrainJob> {
  const job = await makeTinyJob(...args);
  folders.push(path.dirname(job.runFolder));
  return job;
}

async function epochsOf(job: TrainJob): Promise<readonly EpochMetric[]> {
  return (await metricsOf(job)).filter((metric) => metric.type === 'epoch');
}

async function keptWeights({ runFolder }: TrainJob): Promise<NetworkWeights> {
  const [modelJson, weightsBin] = await Promise.all([
    readFile(path.join(runFolder, 'model.json'), 'utf8'),
    readFile(path.join(runFolder, 'weights.bin')),
  ]);
  return readLayersModel({ modelJson, weightsBin }).weights;
}

/** The weights that a training begins with. */
async function firstWeights({ backboneFolder, classNames, recipe }: TrainJob): Promise<NetworkWeights> {
  const backbone = await loadModel(backboneFolder, say('runHasNoModel'));
  return attachHead(backbone, { classCount: classNames.length, seed: `${recipe.seed}/head` }).weights;
}

const fineTuning = { epochs: 4, headFirst: { epochs: 2, learningRate: 0.05 } } as const;
const plateau = { kind: 'reduce-on-plateau', factor: 0.5, patience: 0, threshold: 0.5 } as const;

/** Recipes whose training remembers more than weights and slots, or draws at random. */
const recipes: readonly (readonly [string, Recipe['mode'], Partial<Recipe>])[] = [
  ['a moving average', 'fine-tuning', { ...fineTuning, emaDecay: 0.9, batchNorm: 'trained' }],
  ['reduce-on-plateau', 'fine-tuning', { ...fineTuning, schedule: plateau, warmUp: { epochs: 1, startFactor: 0.1 } }],
  ['mixup on features', 'feature-extraction', { epochs: 4, mixing: { kind: 'mixup', alpha: 0.4 } }],
  [
    'cached variants below the head',
    'fine-tuning',
    { ...fineTuning, trainableFrom: 'classifier', cachesVariants: true },
  ],
  ['cutmix on pixels', 'fine-tuning', { ...fineTuning, mixing: { kind: 'cutmix', alpha: 1 } }],
  ['RMSprop', 'fine-tuning', { ...fineTuning, learningRate: 1e-3, optimizer: optimizerDefaults.rmsprop }],
  ['balanced sampling', 'fine-tuning', { ...fineTuning, classBalance: 'balanced-sampling' }],
  [
    'stages that begin one by one, with Adam',
    'fine-tuning',
    {
      ...{ epochs: 4, headFirst: { epochs: 0, learningRate: 0.05 }, unfreezing: { epochsPerStage: 2 } },
      ...{ learningRate: 1e-3, layerDecay: 0.5, optimizer: optimizerDefaults.adam, emaDecay: 0.99 },
    },
  ],
  [
    'smoothing, class weights, dropout and clipping',
    'feature-extraction',
    { epochs: 4, labelSmoothing: 0.1, classBalance: 'class-weights', dropout: 0.3, clipNorm: 0.1 },
  ],
];

describe.each(recipes)('a training with %s', (_name, mode, change) => {
  it('gives the same bits again, and the same when it was cut off on the way', async () => {
    const job = await tinyJob(change, mode);
    await runJob(job);
    const again = await anotherRun(job, 'again');
    await runJob(again);
    expect(await curvesOf(again)).toEqual(await curvesOf(job));
    expect((await weightsOf(again)).equals(await weightsOf(job))).toBe(true);
    // In the middle of an epoch, the last but one of the phase; each has 5 steps.
    const lastStep = (await metricsOf(job)).at(-1)?.step ?? 0;
    const broken = await anotherRun(job, 'broken');
    const said = await runJob(broken, atStep(lastStep - 8, { type: 'abandoned' }));
    expect(said.some(({ type }) => type === 'trained')).toBe(false);
    expect(readdirSync(path.join(broken.runFolder, 'checkpoints')).length).toBeGreaterThan(0);
    await runJob(broken);
    expect(await curvesOf(broken)).toEqual(await curvesOf(job));
    expect((await weightsOf(broken)).equals(await weightsOf(job))).toBe(true);
  });
});

/** One step over all training images, from pixels and without a head's phase. */
const oneStep: Partial<Recipe> = {
  ...{ epochs: 1, batchSize: 32, learningRate: 0.1, headFirst: { epochs: 0, learningRate: 0.1 } },
  schedule: { kind: 'constant' },
};

async function weightsAfterOneStep(change: Partial<Recipe> = {}): Promise<NetworkWeights> {
  const job = await tinyJob({ ...oneStep, ...change }, 'fine-tuning');
  await runJob(job);
  return keptWeights(job);
}

/** Each weight's change in one step, as plain numbers. */
function changes(before: NetworkWeights, after: NetworkWeights): ReadonlyMap<string, readonly number[]> {
  return new Map(
    [...after].map(([name, { values }]) => [
      name,
      [...values].map((value, index) => value - (before.get(name)?.values[index] ?? NaN)),
    ]),
  );
}

function expectAllClose(actual: readonly number[] | undefined, expected: readonly number[], digits = 5): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => expect(actual?.[index]).toBeCloseTo(value, digits));
}

describe('one step of a whole run', () => {
  it('decays kernels, and neither biases nor batch norm', async () => {
    const plain = await weightsAfterOneStep({ batchNorm: 'trained' });
    const decayed = await weightsAfterOneStep({ batchNorm: 'trained', weightDecay: 0.5 });
    const first = await firstWeights(await tinyJob(oneStep, 'fine-tuning'));
    expect(plain.size).toBeGreaterThan(5);
    for (const [name, { values }] of plain) {
      const isKernel = name.endsWith('kernel');
      // L2 of torch.optim.SGD: − learning rate · weight decay · weight.
      const expected = [...values].map((value, index) =>
        isKernel ? value - 0.1 * 0.5 * (first.get(name)?.values[index] ?? NaN) : value,
      );
      expectAllClose([...(decayed.get(name)?.values ?? [])], expected, isKernel ? 5 : 12);
    }
  });

  it('keeps a tenth of the first weights and nine tenths of the new ones with a moving average', async () => {
    const plain = await weightsAfterOneStep();
    const averaged = await weightsAfterOneStep({ emaDecay: 0.999 });
    const first = await firstWeights(await tinyJob(oneStep, 'fine-tuning'));
    for (const [name, { values }] of plain) {
      // tf.train.ExponentialMovingAverage: decay (1 + 0) / (10 + 0) at the first update.
      const expected = [...values].map((value, index) => 0.1 * (first.get(name)?.values[index] ?? NaN) + 0.9 * value);
      expectAllClose([...(averaged.get(name)?.values ?? [])], expected);
    }
  });

  it('moves the stage below the head at layerDecay times the rate', async () => {
    const first = await firstWeights(await tinyJob(oneStep, 'fine-tuning'));
    const plain = changes(first, await weightsAfterOneStep());
    const decayed = changes(first, await weightsAfterOneStep({ layerDecay: 0.25 }));
    expectAllClose(decayed.get('classifier/kernel'), plain.get('classifier/kernel') ?? []);
    expectAllClose(
      decayed.get('stem_conv/kernel'),
      (plain.get('stem_conv/kernel') ?? []).map((change) => change * 0.25),
      6,
    );
  });

  it('goes no further than the clipped gradient', async () => {
    const first = await firstWeights(await tinyJob(oneStep, 'fine-tuning'));
    const normOf = async (clipNorm: number | null): Promise<number> =>
      Math.hypot(...[...changes(first, await weightsAfterOneStep({ clipNorm })).values()].flat()) / 0.1;
    expect(await normOf(null)).toBeGreaterThan(0.02);
    expect(await normOf(0.01)).toBeCloseTo(0.01, 5);
  });

  it('leaves a stage that has not begun to learn as it was, bit for bit', async () => {
    const first = await firstWeights(await tinyJob(oneStep, 'fine-tuning'));
    const weights = await weightsAfterOneStep({
      unfreezing: { epochsPerStage: 1 },
      emaDecay: 0.9,
      batchNorm: 'trained',
    });
    const moved = [...changes(first, weights)].filter(([, values]) => values.some((value) => value !== 0));
    expect(moved.map(([name]) => name).toSorted()).toEqual(['classifier/bias', 'classifier/kernel']);
  });
});

describe('a whole run', () => {
  it('lowers its rate after each epoch without enough less validation loss', async () => {
    const job = await tinyJob({ ...fineTuning, epochs: 8, schedule: plateau }, 'fine-tuning');
    await runJob(job);
    const epochs = (await epochsOf(job)).filter(({ phase }) => phase === 'all');
    const rates = (await metricsOf(job)).filter((metric) => metric.type === 'step' && metric.phase === 'all');
    let [best, rate] = [Infinity, 0.05];
    const expected = epochs.flatMap(({ validation }) => {
      const ofEpoch = rate;
      if ((validation?.loss ?? NaN) < best * 0.5) best = validation?.loss ?? NaN;
      else rate *= 0.5;
      return Array<number>(5).fill(ofEpoch);
    });
    expect(rate).toBeLessThan(0.05);
    expectAllClose(
      rates.map((metric) => (metric.type === 'step' ? metric.learningRate : NaN)),
      expected,
      12,
    );
  });

  it('with dropout keeps the layer in the model, where judging does without it', async () => {
    const job = await tinyJob({ dropout: 0.5 });
    await runJob(job);
    const model = await readFile(path.join(job.runFolder, 'model.json'), 'utf8');
    expect(model).toContain('"Dropout"');
    const again = await anotherRun({ ...job, recipe: { ...job.recipe, dropout: 0 } }, 'without');
    await runJob(again);
    expect(await curvesOf(again)).not.toEqual(await curvesOf(job));
  });
});
