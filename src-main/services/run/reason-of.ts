import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';

/** Why a job failed, for its record: the error's own sentence, or for a bug, which is logged, that Graft broke. */
export function reasonOf(error: unknown): Sentence {
  if (error instanceof AppError) return error.sentence;
  console.error(error);
  return say('runBroke', { what: error instanceof Error ? error.message : String(error) });
}
