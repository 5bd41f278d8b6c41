import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';

/** How the recall of one class moved from run A to run B; shares 0 … 1. */
export interface ClassChange {
  readonly id: ClassId;
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly difference: number;
}

/** The classes that both runs were judged on, most changed first; the order of the run decides between equals. */
export function classChanges(a: Evaluation, b: Evaluation): readonly ClassChange[] {
  const recallsOfB = new Map(
    b.classes.map(({ id }, index) => [id, b.perClass[index]] as const).filter(([, score]) => (score?.support ?? 0) > 0),
  );
  return a.classes
    .flatMap(({ id, name }, index) => {
      const ofA = a.perClass[index];
      const ofB = recallsOfB.get(id);
      if (!ofA || ofA.support === 0 || !ofB) return [];
      return [{ id, name, a: ofA.recall, b: ofB.recall, difference: ofB.recall - ofA.recall }];
    })
    .toSorted((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
}
