import { cachedLayerOf } from '../../../src-shared/domain/stage-cache.ts';
import { featuresLayerName, headStageName } from '../../network/attach-head.ts';
import type { LayerName } from '../../network/layer.ts';
import { inputLayer, type Network } from '../../network/network.ts';
import { trainableWeights } from '../../network/parameters.ts';
import type { TrainingPlan } from '../executors/executor.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { featureBatches, pixelBatches } from './batches.ts';
import { extractFeatures } from './feature-extractor.ts';
import { judgeFromFeatures, judgeFromPixels } from './held-out.ts';
import type { TrainSession } from './train-session.ts';
import type { TrainingPhase } from './training-phase.ts';
import { planOfEpoch, rateFactors } from './what-learns.ts';

/** What a phase trains on and is judged by. */
type PhaseImages = Pick<TrainingPhase, 'imageShape' | 'batches' | 'validate'>;

/** The head alone, on frozen features; computes those first. Null when the job should stop. */
export async function headPhase(session: TrainSession): Promise<TrainingPhase | null> {
  const { job, initial } = session;
  const { recipe } = job;
  const images = await featureImages(session, featuresLayerName);
  if (!images) return null;
  const isWhole = recipe.mode === 'feature-extraction';
  return {
    phase: 'head',
    epochs: isWhole ? recipe.epochs : recipe.headFirst.epochs,
    learningRate: isWhole ? recipe.learningRate : recipe.headFirst.learningRate,
    ratePlan: isWhole ? recipe : { schedule: { kind: 'constant' }, warmUp: null },
    planOf: () => headPlan(initial.network),
    rateFactors: new Map(),
    ...images,
  };
}

function headPlan(network: Network): TrainingPlan {
  const trainable = trainableWeights(network, { fromStage: headStageName, batchNorm: 'frozen' });
  return { from: featuresLayerName, trainable, batchNorm: 'frozen' };
}

/**
 * The backbone too: from pixels, or from what the stages that do not learn make of them where that is cached, which is computed first.
 * Null when the job should stop.
 */
export async function wholePhase(session: TrainSession): Promise<TrainingPhase | null> {
  const { job, initial, stageCache } = session;
  const { recipe } = job;
  const { network } = initial;
  const cachedLayer = cachedLayerOf(stageCache);
  const images = cachedLayer === null ? pixelImages(session) : await featureImages(session, cachedLayer);
  const from = cachedLayer ?? inputLayer(network).name;
  return (
    images && {
      phase: 'all',
      epochs: recipe.epochs,
      learningRate: recipe.learningRate,
      ratePlan: recipe,
      planOf: (epochInPhase) => ({ from, ...planOfEpoch(network, recipe, epochInPhase) }),
      rateFactors: rateFactors(network, recipe.layerDecay),
      ...images,
    }
  );
}

function pixelImages(session: TrainSession): PhaseImages {
  const { job, initial, pixels, training, validation, trainingSteps } = session;
  return {
    imageShape: inputLayer(initial.network).shape,
    batches: pixelBatches({ pixels, images: training, steps: trainingSteps, ...job.recipe }),
    validate: validation.length > 0 ? judgeFromPixels(session, validation, () => session.report()) : null,
  };
}

/** Null when the job should stop. */
async function featureImages(session: TrainSession, layer: LayerName): Promise<PhaseImages | null> {
  const { job, training, validation, trainingSteps, evaluationSteps } = session;
  const variants: FeatureRows[] = [];
  for (const variant of session.variants) {
    const features = await extractFeatures(session, { images: training, layer, steps: trainingSteps, variant });
    if (!features) return null;
    variants.push(features);
  }
  const judged = await extractFeatures(session, { images: validation, layer, steps: evaluationSteps, variant: null });
  return (
    judged && {
      imageShape: null,
      batches: featureBatches(variants, job.recipe.seed),
      validate: validation.length > 0 ? judgeFromFeatures(session, judged, layer) : null,
    }
  );
}
