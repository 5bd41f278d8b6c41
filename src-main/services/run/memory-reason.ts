import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { TrainerJob } from '../../jobs/trainer-protocol.ts';

/** Whether memory ended a trainer: it said so or the system did; it was killed and nobody said why; or neither. */
export type MemoryTrouble = 'ran-out' | 'suspected' | 'none';

/** What to do when memory ran out in this job: half of its batch, where it has one. */
export function memoryAdvice(job: TrainerJob): NamedSentence {
  const batchSize = 'recipe' in job ? job.recipe.batchSize : 1;
  if (batchSize === 1) return say('adviceCloseOthers');
  return say('adviceHalfBatch', { half: Math.floor(batchSize / 2), batch: batchSize });
}

/** Says what happened and what to do. */
export function memoryReason(trouble: Exclude<MemoryTrouble, 'none'>, advice: NamedSentence): NamedSentence {
  switch (trouble) {
    case 'ran-out':
      return say('memoryRanOut', { advice });
    case 'suspected':
      return say('trainerKilled', { advice });
    default:
      return assertNever(trouble, 'trouble');
  }
}
