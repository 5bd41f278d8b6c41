import type { RunSnapshot } from '../../../src-shared/contract/run.contract.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { RunRecord } from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import { memoryReason } from './memory-reason.ts';
import type { TrainerOutcome } from './trainer-session.ts';

/** A run as it is when memory ends its trainer. */
type EndedForMemory = Pick<RunSnapshot, 'record' | 'metrics' | 'progress'>;

/**
 * Half of the batch, where memory ran out in a phase whose batches are the recipe's; null elsewhere: features and judgements go through in
 * batches of their own.
 */
export function halvedBatch({ record, progress }: Omit<EndedForMemory, 'metrics'>): number | null {
  const { batchSize } = record.recipe;
  const isTraining = progress?.phase === 'head' || progress?.phase === 'all';
  return isTraining && batchSize > 1 ? Math.floor(batchSize / 2) : null;
}

/**
 * The batch with which a run may begin again by itself: memory ran out for certain, and no step of what the recipe is about was done.
 * A head that learned first does not count: it learns again in seconds, and the run is then what its recipe says from its first step on.
 */
export function batchToBeginAgain(outcome: TrainerOutcome, ended: EndedForMemory): number | null {
  if (outcome.kind === 'done' || outcome.memory !== 'ran-out') return null;
  const main = ended.record.recipe.mode === 'fine-tuning' ? 'all' : 'head';
  if (ended.metrics.some(({ type, phase }) => type === 'step' && phase === main)) return null;
  return halvedBatch(ended);
}

/** What a run says that memory ended for good, and the batch that a person is offered to go on with. */
export function memoryEnd(
  trouble: Parameters<typeof memoryReason>[0],
  ended: Omit<EndedForMemory, 'metrics'>,
): Pick<RunRecord, 'reason' | 'smallerBatchSize'> {
  const half = halvedBatch(ended);
  const advice = half === null ? say('adviceCloseOthers') : say('adviceSmallerBatch', { half });
  return { reason: memoryReason(trouble, advice), smallerBatchSize: half };
}

/**
 * Where a training stands when it goes on with another batch size: after the same images of its epoch. Where these are no whole number of
 * new batches it stands before the batch that it is inside of, some of whose images are then learned from twice.
 */
export function atBatchSize(
  position: TrainingPosition,
  recipe: Pick<Recipe, 'batchSize'>,
  { batchSize, imageCount }: { readonly batchSize: number; readonly imageCount: number },
): TrainingPosition {
  const done = position.stepInEpoch * recipe.batchSize;
  const steps = done >= imageCount ? Math.ceil(imageCount / batchSize) : Math.floor(done / batchSize);
  return { ...position, stepInEpoch: steps };
}
