import * as v from 'valibot';
import type { Schedule } from './schedule.ts';

/** What reduce-on-plateau remembers; a part of where a training stands. */
export const plateauSchema = v.pipe(
  v.strictObject({
    best: v.nullable(v.number()),
    epochsWithoutBetter: v.number(),
    /** The product of all reductions. */
    rateFactor: v.number(),
  }),
  v.readonly(),
);
export type Plateau = v.InferOutput<typeof plateauSchema>;

export const noPlateau: Plateau = { best: null, epochsWithoutBetter: 0, rateFactor: 1 };

/** ReduceLROnPlateau leaves a rate alone that would change by less than this. */
const leastChange = 1e-8;

/** torch.optim.lr_scheduler.ReduceLROnPlateau, mode min with a relative threshold, after an epoch with this loss. */
export function plateauAfter(
  plateau: Plateau,
  schedule: Extract<Schedule, { kind: 'reduce-on-plateau' }>,
  { loss, baseLearningRate }: { readonly loss: number; readonly baseLearningRate: number },
): Plateau {
  if (plateau.best === null || loss < plateau.best * (1 - schedule.threshold)) {
    return { ...plateau, best: loss, epochsWithoutBetter: 0 };
  }
  const epochsWithoutBetter = plateau.epochsWithoutBetter + 1;
  if (epochsWithoutBetter <= schedule.patience) return { ...plateau, epochsWithoutBetter };
  const reduced = plateau.rateFactor * schedule.factor;
  const isChange = baseLearningRate * (plateau.rateFactor - reduced) > leastChange;
  return { ...plateau, epochsWithoutBetter: 0, rateFactor: isChange ? reduced : plateau.rateFactor };
}
