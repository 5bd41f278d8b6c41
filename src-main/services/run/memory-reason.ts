import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import type { TrainerJob } from '../../jobs/trainer-protocol.ts';

/** How TensorFlow, V8, WebAssembly, C++ and the system say that there was no memory. */
const memoryWords = /out of memory|OOM when allocating|RESOURCE_EXHAUSTED|bad_alloc|cannot allocate memory/i;

/** True when a trainer's words are about memory. */
export function isAboutMemory(words: string): boolean {
  return memoryWords.test(words);
}

/** What to do when memory ran out in this job: half of its batch, where it has one. */
export function memoryAdvice(job: TrainerJob): NamedSentence {
  const batchSize = 'recipe' in job ? job.recipe.batchSize : 1;
  if (batchSize === 1) return say('adviceCloseOthers');
  return say('adviceHalfBatch', { half: Math.floor(batchSize / 2), batch: batchSize });
}
