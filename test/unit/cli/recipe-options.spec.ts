import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../../src-shared/domain/recipe.ts';
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
      optimizer: { kind: 'adamw' },
      weightDecay: 0.1,
      schedule: { kind: 'step', stepSize: 3, gamma: 0.1 },
      earlyStopping: { patience: 2 },
      seed: 0,
    });
  });

  it('refuses what no training takes, naming the field', () => {
    const ask = (options: object) => () => recipeFromOptions({ mode: 'feature-extraction', ...options }, pipelineId);
    expect(ask({ batchSize: 513 })).toThrow('‹batchSize›');
    expect(ask({ weightDecay: -0.1 })).toThrow('‹weightDecay›');
    expect(ask({ optimizer: 'adam', momentum: 0.9 })).toThrow('‹--optimizer›');
    expect(ask({ optimizer: 'sgd', momentum: 1 })).toThrow('momentum');
  });
});
