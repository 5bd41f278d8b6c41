import { isAboutMemory } from '../../jobs/memory-words.ts';
import { createBestModel } from '../train/best-model.ts';
import { startProgressClock } from '../train/progress-clock.ts';
import type { TrainSession } from '../train/train-session.ts';
import { runPhases } from '../train/training-phases.ts';
import { batchLadder, MemoryLine } from './batch-ladder.ts';

/** The first of a size pays for what happens once. */
const stepsPerRung = 2;

/** The batch size that a training can have, and what the one that was asked for would take where that is another. */
export interface FittingBatch {
  readonly batchSize: number;
  /** Null where the batch that was asked for fits. */
  readonly neededBytes: number | null;
}

/**
 * The largest batch size of a fine-tuning, up to the recipe's, whose steps fit into `budgetBytes` of this process: found by doing steps of
 * few images and then of twice as many each time, never of more than what was measured says will fit. Null when the job should stop.
 */
export async function findFittingBatch(session: TrainSession, budgetBytes: number): Promise<FittingBatch | null> {
  const { job, training, link } = session;
  const asked = job.recipe.batchSize;
  // Fewer images than a batch are all the batch there is.
  const most = Math.min(asked, training.length);
  const line = new MemoryLine(process.memoryUsage.rss());
  let fitting = 1;
  for (const batchSize of batchLadder(most)) {
    const neededBytes = line.peakOf(batchSize);
    if (neededBytes !== null && neededBytes > budgetBytes) {
      return { batchSize: line.largestWithin(budgetBytes), neededBytes: line.peakOf(most) };
    }
    // The caller measures the largest. Of a card's own memory the line says nothing: there it has to be tried.
    if (batchSize === most && neededBytes !== null && job.runtime?.kind !== 'cuda') break;
    const peakBytes = await trySteps(session, batchSize);
    if (link.stopReason()) return null;
    if (peakBytes === null) return { batchSize: fitting, neededBytes: line.peakOf(most) };
    line.add({ batchSize, peakBytes });
    fitting = batchSize;
  }
  return { batchSize: asked, neededBytes: null };
}

/** The most memory that this process ever held, after steps of a batch size; null when memory ran out in them. */
async function trySteps(session: TrainSession, batchSize: number): Promise<number | null> {
  const training = session.training.slice(0, stepsPerRung * batchSize);
  const recipe = {
    ...session.job.recipe,
    batchSize,
    epochs: 1,
    headFirst: { ...session.job.recipe.headFirst, epochs: 0 },
  };
  // Its steps are none of those that progress counts.
  const clock = startProgressClock({ phases: [], totalSteps: 0, totalEpochs: 0 });
  const rung: TrainSession = { ...session, training, clock, job: { ...session.job, recipe } };
  try {
    await runPhases(rung, createBestModel(rung), null);
  } catch (error) {
    if (error instanceof Error && isAboutMemory(error.message)) return null;
    throw error;
  }
  return peakMemoryBytes();
}

/** The kernel's own mark, so that a peak between two looks counts too. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
