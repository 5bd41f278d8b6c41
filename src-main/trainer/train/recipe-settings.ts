import type { Optimizer } from '../../../src-shared/domain/recipe.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { adamDefaults, type OptimizerSettings } from '../optimizers.ts';

/** A recipe's optimizer with PyTorch's defaults for what the recipe leaves open. */
export function optimizerSettings(optimizer: Optimizer, weightDecay: number): OptimizerSettings {
  switch (optimizer.kind) {
    case 'sgd':
      return { kind: 'sgd', momentum: optimizer.momentum, isNesterov: false, weightDecay };
    case 'adam':
    case 'adamw':
      return { kind: optimizer.kind, ...adamDefaults, weightDecay };
    default:
      return assertNever(optimizer, 'optimizer');
  }
}
