import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { RecipeField } from './recipe-field.ts';

type OptimizerNumber = 'momentum' | 'alpha' | 'beta1' | 'beta2' | 'epsilon';

/** Where a number lies that only some optimizers have. */
function inOptimizer(name: OptimizerNumber): Pick<RecipeField, 'read' | 'write'> {
  const read = ({ optimizer }: Recipe): number | null => {
    const numbers: Partial<Record<OptimizerNumber, number>> = optimizer;
    return numbers[name] ?? null;
  };
  return {
    read,
    write: (recipe, value) =>
      read(recipe) === null ? recipe : { ...recipe, optimizer: { ...recipe.optimizer, [name]: value } },
  };
}

const share = { min: 0, max: 0.99999, isWhole: false } as const;

/** The numbers of the optimizers, in PyTorch's words. */
export const optimizerFields = {
  momentum: {
    ...{ label: 'recipe.momentum', help: 'recipe.momentumHelp', min: 0, max: 0.9999, isWhole: false },
    ...inOptimizer('momentum'),
  },
  alpha: { label: 'recipe.alpha', help: 'recipe.alphaHelp', ...share, ...inOptimizer('alpha') },
  beta1: { label: 'recipe.beta1', help: 'recipe.beta1Help', ...share, ...inOptimizer('beta1') },
  beta2: { label: 'recipe.beta2', help: 'recipe.beta2Help', ...share, ...inOptimizer('beta2') },
  epsilon: {
    ...{ label: 'recipe.epsilon', help: 'recipe.epsilonHelp', min: 1e-16, max: 1, isWhole: false },
    ...inOptimizer('epsilon'),
  },
} as const satisfies Readonly<Record<string, RecipeField>>;
