import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { featuresLayerName, headStageName } from '../../network/attach-head.ts';
import type { LayerName } from '../../network/layer.ts';
import { getStage, type Network } from '../../network/network.ts';
import { trainableWeights } from '../../network/parameters.ts';
import { stageOutput } from '../../network/split.ts';
import type { WeightName } from '../../network/weights.ts';
import type { TrainingPlan } from '../executors/executor.ts';

type LearningChoices = Pick<Recipe, 'trainableFrom' | 'unfreezing' | 'batchNorm' | 'headFirst'>;

/**
 * The layer up to which nothing learns in any epoch of a fine-tuning, however long; null where every stage may learn.
 *
 * Below the head alone that is the pooled features: pooling has nothing to learn.
 */
export function lastFrozenLayer(network: Network, { trainableFrom }: Pick<Recipe, 'trainableFrom'>): LayerName | null {
  if (trainableFrom === headStageName) return featuresLayerName;
  const below = network.stages[lowestStageIndex(network, trainableFrom) - 1];
  return below ? stageOutput(network, below.name) : null;
}

/**
 * What learns in an epoch of fine-tuning: the head and all stages down to `trainableFrom`, or those that staged unfreezing has come to.
 *
 * Staged unfreezing is ULMFiT's gradual unfreezing (Howard and Ruder 2018): one more stage after every so many epochs, from the head
 * downwards. A head that has learned before begins with the first stage below it.
 */
export function planOfEpoch(
  network: Network,
  choices: LearningChoices,
  epochInPhase: number,
): Omit<TrainingPlan, 'from'> {
  const { batchNorm } = choices;
  const fromStage = network.stages[firstStageIndex(network, choices, epochInPhase)]?.name ?? '';
  return { trainable: trainableWeights(network, { fromStage, batchNorm }), batchNorm };
}

function firstStageIndex(network: Network, choices: LearningChoices, epochInPhase: number): number {
  const { trainableFrom, unfreezing, headFirst } = choices;
  const lowest = lowestStageIndex(network, trainableFrom);
  if (!unfreezing) return lowest;
  const depth = Math.floor(epochInPhase / unfreezing.epochsPerStage) + (headFirst.epochs > 0 ? 1 : 0);
  return Math.max(lowest, network.stages.length - 1 - depth);
}

function lowestStageIndex(network: Network, trainableFrom: string | null): number {
  return trainableFrom === null ? 0 : network.stages.indexOf(getStage(network, trainableFrom));
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
