import { learningRateAt } from '../../../src-shared/domain/recipe/learning-rate.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';

/** The learning rate at a share 0 … 1 of the steps; that of reduce-on-plateau before the first plateau. */
export function rateAt(recipe: Recipe, stepsPerEpoch: number, share: number): number {
  const { learningRate: baseLearningRate, epochs: epochCount } = recipe;
  const stepIndex = Math.round(share * (stepsPerEpoch * epochCount - 1));
  return learningRateAt(recipe, { baseLearningRate, stepIndex, stepsPerEpoch, epochCount, plateauFactor: 1 });
}

/** The curve as points of an SVG polyline. */
export function ratePoints(recipe: Recipe, stepsPerEpoch: number, widthPx: number, heightPx: number): string {
  return Array.from({ length: 61 }, (_, index) => {
    const x = 1 + ((widthPx - 2) * index) / 60;
    const share = rateAt(recipe, stepsPerEpoch, index / 60) / recipe.learningRate;
    return `${x.toFixed(1)},${(heightPx - 2 - (heightPx - 4) * share).toFixed(1)}`;
  }).join(' ');
}
