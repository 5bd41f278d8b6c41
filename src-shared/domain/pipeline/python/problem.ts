import type { NamedSentence } from '../../sentence.ts';
import type { Place } from './tokens.ts';

/** Something about pasted Python that a person should know before it is taken. */
export interface PythonProblem {
  readonly at: Place;
  /** An error keeps the text from being taken; a note says what was understood differently. */
  readonly severity: 'error' | 'note';
  readonly sentence: NamedSentence;
}

/** Thrown where a part of the text cannot be understood; caught where the next part begins. */
export class UnreadablePython extends Error {
  readonly problem: PythonProblem;

  constructor(at: Place, sentence: NamedSentence) {
    super(sentence.text);
    this.problem = { at, severity: 'error', sentence };
  }
}

/** What `work` answers; null where it cannot be read, which is reported. */
export function reportUnreadable<T>(report: (problem: PythonProblem) => void, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UnreadablePython)) throw error;
    report(error.problem);
    return null;
  }
}
