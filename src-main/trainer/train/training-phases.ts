import { cachedLayerOf } from '../../../src-shared/domain/stage-cache.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { NetworkWeights } from '../../network/weights.ts';
import type { TrainingExecutor } from '../executors/executor.ts';
import { createOptimizer, type Optimizer } from '../optimizers.ts';
import { WeightAverage } from '../weight-average.ts';
import type { BestModel, KeptModel } from './best-model.ts';
import { writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { ExplosionWatch, requireFinite } from './divergence.ts';
import { headPhase, wholePhase } from './make-phases.ts';
import { createObjective } from './create-objective.ts';
import type { TrainSession } from './train-session.ts';
import { runPhase, startOfPhase, type PhaseEnd } from './training-loop.ts';
import type { LoopContext, RateOfStep, TrainingPhase } from './training-phase.ts';

/** Heads train for milliseconds an epoch: a checkpoint each would cost more than the training. */
const checkpointIntervalMs = 5_000;
/** Within an epoch, where a checkpoint of a fine-tuning has tens of megabytes: so much is lost at most when the computer dies. */
const checkpointIntervalWithinEpochMs = 60_000;

/**
 * Runs the phases that the recipe asks for, from a checkpoint or the beginning; answers where training ended.
 *
 * With `searchedRate` the last phase's steps take their rates from there: a search for a learning rate. Null when the job should stop and
 * no step was done. The weights in the executor are those of the last step.
 */
export async function runPhases(
  session: TrainSession,
  best: BestModel,
  checkpoint: Checkpoint | null,
  searchedRate: RateOfStep | null = null,
): Promise<TrainingPosition | null> {
  let position = checkpoint?.position ?? null;
  const phases = await preparePhases(session, position);
  if (!phases) return afterSomeSteps(position);
  session.link.send({ type: 'status', status: 'training' });
  // Taken out one by one: a phase that is over lets go of its features.
  for (let made = phases.shift(); made; made = phases.shift()) {
    const { phase: name } = made;
    const phase = searchedRate !== null && phases.length === 0 ? { ...made, searchedRate } : made;
    // The next phase begins where the last one was best, not where it happened to end.
    if (position && position.phase !== name) session.executor.writeWeights(best.kept().weights);
    const isResumed = checkpoint?.position.phase === name;
    const start = isResumed ? checkpoint.position : startOfPhase(name, position, cachedLayerOf(session.stageCache));
    const end = await trainPhase(session, best, { phase, start, resumed: isResumed ? checkpoint : null });
    position = end.position;
    if (end.wasStopped) return afterSomeSteps(position);
  }
  return position;
}

/** The phases that are left, with everything computed that they train on; null when the job should stop. */
async function preparePhases(
  session: TrainSession,
  position: TrainingPosition | null,
): Promise<TrainingPhase[] | null> {
  session.clock.enter('features');
  const phases: TrainingPhase[] = [];
  for (const name of phasesOf(session)) {
    // A checkpoint of a later phase: this one is behind it.
    if (position?.phase === 'all' && name === 'head') continue;
    const phase = await (name === 'head' ? headPhase(session) : wholePhase(session));
    if (!phase) return null;
    phases.push(phase);
  }
  return session.shouldStop() ? null : phases;
}

function afterSomeSteps(position: TrainingPosition | null): TrainingPosition | null {
  return position && position.step > 0 ? position : null;
}

function phasesOf({ job: { recipe } }: TrainSession): readonly TrainingPhase['phase'][] {
  if (recipe.mode === 'feature-extraction') return ['head'];
  return recipe.headFirst.epochs > 0 ? ['head', 'all'] : ['all'];
}

interface PhaseStart {
  readonly phase: TrainingPhase;
  readonly start: TrainingPosition;
  readonly resumed: Checkpoint | null;
}

async function trainPhase(
  session: TrainSession,
  best: BestModel,
  { phase, start, resumed }: PhaseStart,
): Promise<PhaseEnd> {
  const { job, tensorFlow, clock, training } = session;
  const { recipe } = job;
  const optimizer = createOptimizer(tensorFlow, recipe.optimizer, recipe.weightDecay);
  const average =
    recipe.emaDecay === null ? null : new WeightAverage(tensorFlow, session.executor.variables, recipe.emaDecay);
  if (resumed) {
    optimizer.restore({ stepCount: resumed.optimizerStepCount, slots: resumed.optimizerSlots });
    average?.restore(resumed.averageWeights, resumed.optimizerStepCount);
  }
  clock.enter(phase.phase);
  clock.skip(start.epochInPhase * Math.ceil(training.length / recipe.batchSize) + start.stepInEpoch);
  session.report(true);
  try {
    return await runPhase(loopContext(session, best, { phase, optimizer, average }), phase, start);
  } finally {
    optimizer.dispose();
    average?.dispose();
  }
}

interface PhaseTools {
  readonly phase: TrainingPhase;
  readonly optimizer: Optimizer;
  readonly average: WeightAverage | null;
}

function loopContext(session: TrainSession, best: BestModel, { phase, optimizer, average }: PhaseTools): LoopContext {
  const { job, tensorFlow, executor, link, clock, log, training, validation, files } = session;
  const { recipe } = job;
  const objective = createObjective(job, training, validation);
  const readChanged = (position: TrainingPosition): NetworkWeights => {
    const { step, epoch, stepInEpoch, best: bestSoFar } = position;
    const at = { step, epoch: stepInEpoch > 0 ? epoch + 1 : epoch, best: bestSoFar, recipe, phase };
    return requireFinite(changedWeights(executor, phase), at);
  };
  // The first epoch's end is saved at once: a run that is cut short after it can go on.
  let lastCheckpointMs = performance.now() - checkpointIntervalMs;
  return {
    recipe,
    objective,
    tensorFlow,
    executor,
    optimizer,
    average,
    link,
    clock,
    log,
    report: () => session.report(),
    explosionWatch: new ExplosionWatch(objective.answersPerGuess),
    readChanged,
    keepBest: (model) => best.keep(model),
    async saveCheckpoint(position, isUrgent) {
      const intervalMs = position.stepInEpoch > 0 ? checkpointIntervalWithinEpochMs : checkpointIntervalMs;
      if (!isUrgent && performance.now() - lastCheckpointMs < intervalMs) return;
      // What is recorded of a step that the checkpoint has behind it would never be recorded again.
      log.flush(true);
      const { stepCount, slots } = optimizer.state();
      await writeCheckpoint(files.checkpoints, {
        position,
        optimizerStepCount: stepCount,
        weights: readChanged(position),
        optimizerSlots: slots,
        averageWeights: average?.read() ?? new Map(),
        ...bestOf(best.kept(), validation.length),
      });
      lastCheckpointMs = performance.now();
    },
  };
}

/** In the head's phase the rest is the backbone's file, which the run names by its hash: no need to keep it again. */
function changedWeights(executor: TrainingExecutor, phase: TrainingPhase): NetworkWeights {
  return phase.phase === 'all' ? executor.readWeights() : executor.variables.read(phase.planOf(0).trainable);
}

function bestOf(
  { weights, probabilities }: KeptModel,
  validationCount: number,
): Pick<Checkpoint, 'bestWeights' | 'bestProbabilities'> {
  const shape = [validationCount, (probabilities?.length ?? 0) / Math.max(1, validationCount)];
  return { bestWeights: weights, bestProbabilities: probabilities && { shape, values: probabilities } };
}
