import { describe, expect, it } from 'vitest';
import { classicPipeline, createStep } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { optimizerDefaults } from '../../../../src-shared/domain/recipe/optimizer.ts';
import { defaultRecipe } from '../../../../src-shared/domain/recipe/recipe.ts';
import type { Prediction, RunRecord } from '../../../../src-shared/domain/run.ts';
import { compareRuns, pairedDifferenceInterval } from '../../../../src-main/services/run/compare-runs.ts';
import { chooseImages, planRecord } from '../../../../src-main/services/run/run-plan.ts';
import { differingSettings } from '../../../../src-main/services/run/run-settings.ts';
import { projectPaths } from '../../../../src-main/storage/project-paths.ts';
import { backbone, imageId, makeDataset, pipelineId, projectId, recipe } from './run-support.ts';
import { runIdSchema } from '../../../../src-shared/domain/ids.ts';
import * as v from 'valibot';

const dataset = makeDataset([
  ['cat', 'training'],
  ['dog', 'training'],
]);

function makeRecord(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  const project = {
    id: projectId,
    paths: projectPaths('/p'),
    labelling: 'single-label' as const,
    readOnlyBecause: null,
    isWriterAlive: () => true,
    assertWritable: () => undefined,
  };
  const pipeline = classicPipeline(pipelineId, 'Classic');
  const material = { project, recipe, pipeline, backbone: { record: backbone, folder: '' }, dataset };
  const facts = {
    id: v.parse(runIdSchema, id),
    number: 1,
    createdAt: '2026-01-01T00:00:00Z',
    versions: {},
    machine: {},
    frozenTest: null,
  };
  return { ...planRecord(material, chooseImages(dataset, project), facts), ...changes };
}

/** One prediction a label, for two classes: right or wrong. */
function predictions(isRight: readonly boolean[]): readonly Prediction[] {
  return isRight.map((right, index) => ({
    imageId: imageId(index),
    split: 'test',
    label: index % 2,
    probabilities: (index % 2 === 0) === right ? [0.9, 0.1] : [0.1, 0.9],
  }));
}

describe('differing settings', () => {
  it('names only what differs, by its path', () => {
    const a = makeRecord('a');
    const b = makeRecord('b', {
      recipe: { ...recipe, learningRate: 0.1, optimizer: optimizerDefaults.rmsprop },
      versions: { graft: '2' },
    });
    expect(differingSettings(a, b)).toEqual([
      { setting: 'recipe.learningRate', a: 0.01, b: 0.1 },
      { setting: 'recipe.optimizer.kind', a: 'sgd', b: 'rmsprop' },
      { setting: 'recipe.optimizer.momentum', a: 0.9, b: 0 },
      { setting: 'recipe.optimizer.isNesterov', a: false, b: null },
      { setting: 'recipe.optimizer.alpha', a: null, b: 0.99 },
      { setting: 'recipe.optimizer.epsilon', a: null, b: 1e-8 },
      { setting: 'versions.graft', a: null, b: '2' },
    ]);
  });

  it('leaves out what a mode does not use', () => {
    const fineTuning = makeRecord('b', {
      recipe: { ...defaultRecipe('fine-tuning', pipelineId), epochs: 30, learningRate: 0.01 },
    });
    const settings = differingSettings(makeRecord('a'), fineTuning);
    expect(settings).toContainEqual({ setting: 'recipe.headFirst.epochs', a: null, b: 30 });
    const extraction = makeRecord('b', {
      recipe: { ...recipe, headFirst: { epochs: 5, learningRate: 1 }, batchNorm: 'trained' },
    });
    expect(differingSettings(makeRecord('a'), extraction)).toEqual([]);
  });

  it('pairs steps by kind, so that a new step is one difference and a changed one names its parameter', () => {
    const a = makeRecord('a');
    const [flip, ...rest] = a.pipeline.training;
    const jitter = {
      ...createStep('ColorJitter', 'jitter'),
      parameters: { brightness: 0.2, contrast: [0.5, 2], saturation: 0, hue: 0 },
    } as const;
    const training = [jitter, { ...createStep('RandomHorizontalFlip', 'flip'), parameters: { p: 0.25 } }, ...rest];
    expect(flip?.kind).toBe('RandomHorizontalFlip');
    const b = makeRecord('b', { pipeline: { ...a.pipeline, training } });
    expect(differingSettings(a, b)).toEqual([
      {
        setting: 'pipeline.training.1.ColorJitter',
        a: null,
        b: 'brightness 0.2, contrast 0.5, 2, saturation 0, hue 0',
      },
      { setting: 'pipeline.training.2.RandomHorizontalFlip.p', a: 0.5, b: 0.25 },
    ]);
    const moved = makeRecord('b', {
      pipeline: { ...a.pipeline, training: [...rest.slice(0, 1), ...(flip ? [flip] : []), ...rest.slice(1)] },
    });
    expect(differingSettings(a, moved)).toEqual([
      {
        setting: 'pipeline.training.order',
        a: 'RandomHorizontalFlip, Resize, CenterCrop, ToTensor, Normalize',
        b: 'Resize, RandomHorizontalFlip, CenterCrop, ToTensor, Normalize',
      },
    ]);
  });
});

describe('comparing two runs', () => {
  it('counts the images that one gets right and the other wrong', () => {
    const a = { record: makeRecord('a'), metrics: [], predictions: predictions([true, true, false, false]) };
    const b = { record: makeRecord('b'), metrics: [], predictions: predictions([true, false, true, true]) };
    const comparison = compareRuns(a, b);
    expect(comparison).toMatchObject({ split: 'test', fixed: [imageId(2), imageId(3)], broken: [imageId(1)] });
    expect(comparison.metrics).toContainEqual({ metric: 'accuracy', a: 0.5, b: 0.75, difference: 0.25 });
    expect(comparison.accuracyInterval).toEqual(pairedDifferenceInterval(2, 1, 4));
  });

  it('gives no interval when the images are not the same', () => {
    const a = { record: makeRecord('a'), metrics: [], predictions: predictions([true, true, false]) };
    const b = { record: makeRecord('b'), metrics: [], predictions: predictions([true, true]) };
    expect(compareRuns(a, b).accuracyInterval).toBeNull();
    expect(compareRuns(a, { ...b, predictions: [] }).split).toBeNull();
  });
});

describe('the interval of a paired difference', () => {
  it('equals its formula worked by hand', () => {
    // 1146 with the added halves; difference −25 / 1146 = −0.02182, standard error √(240 − 25² / 1146) / 1146 = 0.01350.
    const [low, high] = pairedDifferenceInterval(107, 132, 1144);
    expect(low).toBeCloseTo(-0.0483, 3);
    expect(high).toBeCloseTo(0.0047, 3);
  });

  it('covers the true difference about 95 times in 100', () => {
    // Exact: sums the multinomial probabilities of all outcomes whose interval holds the truth.
    const [total, gain, loss] = [40, 0.2, 0.1];
    let covered = 0;
    for (let fixed = 0; fixed <= total; fixed += 1) {
      for (let broken = 0; fixed + broken <= total; broken += 1) {
        const [low, high] = pairedDifferenceInterval(fixed, broken, total);
        if (low <= gain - loss && gain - loss <= high) covered += multinomial(total, fixed, broken, gain, loss);
      }
    }
    expect(covered).toBeGreaterThan(0.94);
    expect(covered).toBeLessThan(0.98);
  });
});

function multinomial(total: number, a: number, b: number, shareA: number, shareB: number): number {
  const rest = total - a - b;
  const logarithm =
    logFactorial(total) -
    logFactorial(a) -
    logFactorial(b) -
    logFactorial(rest) +
    a * Math.log(shareA) +
    b * Math.log(shareB) +
    rest * Math.log(1 - shareA - shareB);
  return Math.exp(logarithm);
}

function logFactorial(value: number): number {
  let sum = 0;
  for (let factor = 2; factor <= value; factor += 1) sum += Math.log(factor);
  return sum;
}
