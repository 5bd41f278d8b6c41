import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { LearningRateJob, TrainJob } from '../../jobs/trainer-protocol.ts';
import type { JobLink } from '../job-link.ts';
import { createBestModel } from '../train/best-model.ts';
import { openTrainSession } from '../train/train-session.ts';
import { runPhases } from '../train/training-phases.ts';
import { LearningRateCurve, rateOfSearch, searchRange, suggestLearningRates } from './learning-rate-curve.ts';

/**
 * Trains by the recipe with a rate that rises from step to step, and tells how the loss answers.
 *
 * What learns, the batches and the optimizer are those of a run; in fine-tuning the head learns first, as the recipe says, and the search
 * is about all parameters. Ends after all steps, when the loss has left its least far below, or when the training diverges.
 */
export async function findLearningRate(job: LearningRateJob, link: JobLink): Promise<void> {
  const curve = new LearningRateCurve();
  const session = await openTrainSession(searchJob(job), followSearch(job, link, curve));
  try {
    await runPhases(session, createBestModel(session), null, rateOfSearch);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'training-diverged')) throw error;
  } finally {
    await session.close();
  }
  if (link.stopReason()) return;
  link.send({ type: 'rate-found', search: { points: [...curve.points], ...suggestLearningRates(curve.points) } });
}

/** The training of a search: as many epochs as the steps need, nothing held out, nothing that ends it early. */
function searchJob(job: LearningRateJob): TrainJob {
  const images = job.images.filter(({ split }) => split === 'training');
  const stepsPerEpoch = Math.ceil(images.length / job.recipe.batchSize);
  const recipe: Recipe = {
    ...job.recipe,
    epochs: Math.ceil(searchRange.steps / stepsPerEpoch),
    earlyStopping: null,
    // All that will learn takes part from the beginning.
    unfreezing: null,
  };
  return { ...job, kind: 'train', images, recipe };
}

/** A link that turns the training's curves into the search's, and stops the training when the search knows enough. */
function followSearch({ recipe }: LearningRateJob, link: JobLink, curve: LearningRateCurve): JobLink {
  const searched = recipe.mode === 'fine-tuning' ? 'all' : 'head';
  return {
    ...link,
    stopReason: () => link.stopReason() ?? (curve.isComplete ? 'cancelled' : null),
    send(message) {
      if (message.type === 'progress') link.send(message);
      if (message.type !== 'metrics') return;
      for (const metric of message.metrics) {
        if (metric.type === 'step' && metric.phase === searched) curve.add(metric.learningRate, metric.loss);
      }
      if (curve.points.length > 0) link.send({ type: 'rates-tried', points: [...curve.points] });
    },
  };
}
