import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import type { TrainerJob } from '../../jobs/trainer-protocol.ts';

/** How CUDA, its libraries and TensorFlow's streams say that a card or its driver failed. */
const cardWords = /\bCUDA\b|CUDA_ERROR|CUDNN|cuBLAS|CUBLAS|\bGPU\b|failed to enqueue|Stream is not OK/u;
const longest = 200;

/** The sentence for a card that took the trainer's process along; null when the job did not run on one or its last words are about something else. */
export function cardFailure(words: string, job: TrainerJob): NamedSentence | null {
  if (job.runtime?.kind !== 'cuda') return null;
  const problem = words.split('\n').findLast((line) => cardWords.test(line));
  return problem === undefined ? null : say('cardFailed', { problem: problem.trim().slice(0, longest) });
}
