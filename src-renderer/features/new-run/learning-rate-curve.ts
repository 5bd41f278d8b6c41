import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';

/** The learning rate at a share 0 … 1 of the epochs, as a factor of the recipe's. */
export function rateFactorAt({ schedule, epochs }: Recipe, share: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'step':
      // The last epoch is still before the end.
      return schedule.gamma ** Math.floor((Math.min(share, 1 - 1e-9) * epochs) / schedule.stepSize);
    case 'cosine':
      return (1 + Math.cos(Math.PI * share)) / 2;
    default:
      return assertNever(schedule, 'schedule');
  }
}

/** The curve as points of an SVG polyline. */
export function ratePoints(recipe: Recipe, widthPx: number, heightPx: number): string {
  return Array.from({ length: 61 }, (_, index) => {
    const x = 1 + ((widthPx - 2) * index) / 60;
    const y = heightPx - 2 - (heightPx - 4) * rateFactorAt(recipe, index / 60);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  }).join(' ');
}
