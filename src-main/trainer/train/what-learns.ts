import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { inputLayer, type Network } from '../../network/network.ts';
import { trainableWeights } from '../../network/parameters.ts';
import type { WeightName } from '../../network/weights.ts';
import type { TrainingPlan } from '../executors/executor.ts';

type LearningChoices = Pick<Recipe, 'trainableFrom' | 'unfreezing' | 'batchNorm' | 'headFirst'>;

/**
 * What learns in an epoch of fine-tuning: the head and all stages down to `trainableFrom`, or those that staged unfreezing has come to.
 *
 * Staged unfreezing is ULMFiT's gradual unfreezing (Howard and Ruder 2018): one more stage after every so many epochs, from the head
 * downwards. A head that has learned before begins with the first stage below it.
 */
export function planOfEpoch(network: Network, choices: LearningChoices, epochInPhase: number): TrainingPlan {
  const { batchNorm } = choices;
  const fromStage = network.stages[firstStageIndex(network, choices, epochInPhase)]?.name ?? '';
  // Batches come in as pixels: what lies before `fromStage` is only run forward. Its output is where a cache could cut.
  return { from: inputLayer(network).name, trainable: trainableWeights(network, { fromStage, batchNorm }), batchNorm };
}

function firstStageIndex(network: Network, choices: LearningChoices, epochInPhase: number): number {
  const { trainableFrom, unfreezing, headFirst } = choices;
  const lowest = trainableFrom === null ? 0 : network.stages.findIndex(({ name }) => name === trainableFrom);
  if (lowest < 0) throw new Error(`No stage ${trainableFrom ?? ''} in ${network.name}`);
  if (!unfreezing) return lowest;
  const depth = Math.floor(epochInPhase / unfreezing.epochsPerStage) + (headFirst.epochs > 0 ? 1 : 0);
  return Math.max(lowest, network.stages.length - 1 - depth);
}

/** What each weight's learning rate is multiplied by: layerDecay to the power of the stages from the head down to its own. */
export function rateFactors(network: Network, layerDecay: number): ReadonlyMap<WeightName, number> {
  const last = network.stages.length - 1;
  return new Map(
    network.stages.flatMap(({ name }, index) => {
      const ofStage = trainableWeights(network, { fromStage: name, batchNorm: 'trained' });
      return [...ofStage].map((weight) => [weight, layerDecay ** (last - index)] as const);
    }),
  );
}
