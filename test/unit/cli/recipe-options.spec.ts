import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { recipeFromOptions } from '../../../src-main/cli/recipe-options.ts';

const pipelineId = v.parse(pipelineIdSchema, 'classic');

describe('the recipe of a command line', () => {
  it('is the default of its mode where nothing is said', () => {
    expect(recipeFromOptions({ mode: 'fine-tuning' }, pipelineId)).toEqual(defaultRecipe('fine-tuning', pipelineId));
  });

  it('has what was said', () => {
    const recipe = recipeFromOptions(
      {
        mode: 'feature-extraction',
        epochs: 7,
        optimizer: 'adamw',
        weightDecay: 0.1,
        schedule: 'step',
        earlyStopping: 2,
        seed: 0,
      },
      pipelineId,
    );
    expect(recipe).toMatchObject({
      epochs: 7,
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      weightDecay: 0.1,
      schedule: { kind: 'step', stepSize: 3, gamma: 0.1 },
      earlyStopping: { patience: 2 },
      seed: 0,
    });
  });

  it('has the optimizer’s own numbers', () => {
    const read = (options: object) => recipeFromOptions({ mode: 'fine-tuning', ...options }, pipelineId).optimizer;
    expect(read({ nesterov: true })).toEqual({ kind: 'sgd', momentum: 0.9, isNesterov: true });
    expect(read({ optimizer: 'rmsprop', alpha: 0.9, momentum: 0.5 })).toEqual({
      ...{ kind: 'rmsprop', alpha: 0.9, epsilon: 1e-8, momentum: 0.5 },
    });
    expect(read({ optimizer: 'adam', beta1: 0.8, epsilon: 1e-7 })).toEqual({
      ...{ kind: 'adam', beta1: 0.8, beta2: 0.999, epsilon: 1e-7 },
    });
  });

  it('has what an advanced training asks for', () => {
    const recipe = recipeFromOptions(
      {
        ...{ mode: 'fine-tuning', epochs: 20, schedule: 'one-cycle', pctStart: 0.2, warmUpEpochs: 2 },
        ...{ labelSmoothing: 0.1, classBalance: 'class-weights', cutmix: 1, dropout: 0.2, clipNorm: 5, ema: 0.99 },
        ...{ headEpochs: 4, batchNorm: 'trained', trainableFrom: 'block6', layerDecay: 0.8, unfreezeEvery: 3 },
      },
      pipelineId,
    );
    expect(recipe).toEqual({
      ...defaultRecipe('fine-tuning', pipelineId),
      ...{ epochs: 20, warmUp: { epochs: 2, startFactor: 0.01 } },
      schedule: { kind: 'one-cycle', pctStart: 0.2, divFactor: 25, finalDivFactor: 1e4 },
      ...{ labelSmoothing: 0.1, classBalance: 'class-weights', mixing: { kind: 'cutmix', alpha: 1 }, dropout: 0.2 },
      ...{ clipNorm: 5, emaDecay: 0.99, headFirst: { epochs: 4, learningRate: 0.01 }, batchNorm: 'trained' },
      ...{ trainableFrom: 'block6', layerDecay: 0.8, unfreezing: { epochsPerStage: 3 } },
    });
  });

  it('fits a schedule to the epochs, and takes its numbers', () => {
    const read = (options: object) =>
      recipeFromOptions({ mode: 'feature-extraction', ...options }, pipelineId).schedule;
    expect(read({ schedule: 'multi-step', epochs: 8 })).toEqual({ kind: 'multi-step', milestones: [4, 6], gamma: 0.1 });
    expect(read({ schedule: 'multi-step', milestones: [2, 5], gamma: 0.5 })).toEqual({
      ...{ kind: 'multi-step', milestones: [2, 5], gamma: 0.5 },
    });
    expect(read({ schedule: 'reduce-on-plateau', plateauPatience: 4 })).toEqual({
      ...{ kind: 'reduce-on-plateau', factor: 0.1, patience: 4, threshold: 1e-4 },
    });
  });

  it('refuses what no training takes, naming the field', () => {
    const ask = (options: object) => () => recipeFromOptions({ mode: 'feature-extraction', ...options }, pipelineId);
    expect(ask({ batchSize: 513 })).toThrow('‹batchSize›');
    expect(ask({ weightDecay: -0.1 })).toThrow('‹weightDecay›');
    expect(ask({ optimizer: 'adam', momentum: 0.9 })).toThrow('a kind that has --momentum');
    expect(ask({ beta1: 0.9 })).toThrow('‹--optimizer›');
    expect(ask({ milestones: [3] })).toThrow('‹--schedule›');
    expect(ask({ mixup: 0.2, cutmix: 1 })).toThrow('‹--mixup, --cutmix›');
    expect(ask({ warmUpStart: 0.1 })).toThrow('‹--warm-up-epochs›');
    expect(ask({ optimizer: 'sgd', momentum: 1 })).toThrow('momentum');
  });
});
