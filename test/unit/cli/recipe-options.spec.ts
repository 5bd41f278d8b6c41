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

  it('refuses what no training takes, naming the field', () => {
    const ask = (options: object) => () => recipeFromOptions({ mode: 'feature-extraction', ...options }, pipelineId);
    expect(ask({ batchSize: 513 })).toThrow('‹batchSize›');
    expect(ask({ weightDecay: -0.1 })).toThrow('‹weightDecay›');
    expect(ask({ optimizer: 'adam', momentum: 0.9 })).toThrow('a kind that has --momentum');
    expect(ask({ beta1: 0.9 })).toThrow('‹--optimizer›');
    expect(ask({ optimizer: 'sgd', momentum: 1 })).toThrow('momentum');
  });
});
