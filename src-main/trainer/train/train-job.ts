import { cachedLayerOf } from '../../../src-shared/domain/stage-cache.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { TrainJob } from '../../jobs/trainer-protocol.ts';
import { featuresLayerName } from '../../network/attach-head.ts';
import { runPaths } from '../../storage/project-paths.ts';
import type { JobLink } from '../job-link.ts';
import { createBestModel, writeModel, writePredictions, type BestModel } from './best-model.ts';
import { readLatestCheckpoint, type Checkpoint } from './checkpoint.ts';
import { extractFeatures } from './feature-extractor.ts';
import { judgeFromFeatures, judgeFromPixels } from './held-out.ts';
import { trimMetrics } from './metric-log.ts';
import { toPredictions } from './predictions.ts';
import { openTrainSession, type TrainSession } from './train-session.ts';
import { runPhases } from './training-phases.ts';

/**
 * Trains as TrainJob says. Goes on from the run folder's latest checkpoint where there is one.
 *
 * Rejects with an AppError for expected failures; what was best until then is in the run folder all the same.
 */
export async function train(job: TrainJob, link: JobLink): Promise<void> {
  link.send({ type: 'status', status: 'preparing' });
  const files = runPaths(job.runFolder);
  const checkpoint = await readLatestCheckpoint(files.checkpoints);
  await trimMetrics(files.metrics, checkpoint?.position ?? { step: 0, epoch: 0 });
  const session = await openTrainSession(job, link, { begun: checkpoint?.position ?? null });
  link.send({ type: 'stages-planned', stageCache: session.stageCache });
  const best = createBestModel(session);
  try {
    await trainAndJudge(session, best, checkpoint);
  } finally {
    await best.save();
    await session.close();
  }
}

async function trainAndJudge(session: TrainSession, best: BestModel, checkpoint: Checkpoint | null): Promise<void> {
  const { link } = session;
  if (checkpoint) resume(session, best, checkpoint);
  const position = await runPhases(session, best, checkpoint);
  session.log.flush(true);
  if (link.stopReason() === 'abandoned') return;
  const wasCancelled = link.stopReason() === 'cancelled';
  if (position) await judgeRun(session, best, position);
  if (link.stopReason() === 'abandoned') return;
  session.report(true);
  link.send({ type: 'trained', wasCancelled, bestEpoch: position?.best?.epoch ?? null, versions: versionsOf(session) });
}

function resume({ executor }: TrainSession, best: BestModel, checkpoint: Checkpoint): void {
  executor.writeWeights(checkpoint.weights);
  best.restore({ weights: checkpoint.bestWeights, probabilities: checkpoint.bestProbabilities?.values ?? null });
}

/** Puts the best weights in place, saves the model, and predicts everything that was held out. */
async function judgeRun(session: TrainSession, best: BestModel, position: TrainingPosition): Promise<void> {
  const { link, executor, initial, files, clock, heldOut } = session;
  link.send({ type: 'status', status: 'evaluating' });
  session.beginJudging();
  clock.enter('evaluation');
  // A run that was stopped inside its first epoch has no best weights yet: it keeps the latest.
  const kept = position.best ? best.kept().weights : executor.readWeights();
  executor.writeWeights(new Map([...initial.weights, ...kept]));
  if (position.best) await best.save();
  else await writeModel(initial, kept, files);
  const probabilities = await judgeHeldOut(session);
  if (probabilities) await writePredictions(files.predictions, toPredictions(heldOut, probabilities));
  best.release();
}

/** Null when the parent has gone. */
async function judgeHeldOut(session: TrainSession): Promise<Float32Array | null> {
  const { job, heldOut, evaluationSteps: steps, clock, stageCache } = session;
  const layer = job.recipe.mode === 'fine-tuning' ? cachedLayerOf(stageCache) : featuresLayerName;
  if (layer === null) {
    const judge = judgeFromPixels(session, heldOut, (count) => {
      clock.advance(count, count);
      session.report();
    });
    return judge();
  }
  // What lies below the layer has not learned, so features are still those of the cache.
  const features = await extractFeatures(session, { images: heldOut, layer, steps, variant: null });
  return features && judgeFromFeatures(session, features, layer)();
}

function versionsOf({ tensorFlow, engines }: TrainSession): Readonly<Record<string, string>> {
  return { node: process.versions.node, tfjs: tensorFlow.tf.version.tfjs, ...engines };
}
