import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import type { RunId } from '../../src-shared/domain/ids.ts';
import type { Recipe, TrainingMode } from '../../src-shared/domain/recipe/recipe.ts';
import type { RunRecord } from '../../src-shared/domain/run.ts';
import { tinyProjectId, type TinyRuns } from './tiny-runs.ts';

/** What was found when a run that was killed again and again had ended. */
export interface KillReport {
  readonly kills: number;
  readonly record: RunRecord;
  readonly hasEqualWeights: boolean;
  readonly hasEqualCurves: boolean;
}

interface KillPlan {
  readonly mode: TrainingMode;
  readonly kills: number;
  readonly seed: number | string;
  readonly onKill?: (kill: number, step: number) => void;
}

/**
 * Trains once unbroken and once with so many SIGKILLs at random moments, resuming after each, and compares what the two left.
 *
 * Each kill comes a random while after a random step was told: within a step, within a write, or between the two.
 */
export async function killAndResume(tiny: TinyRuns, { mode, kills, seed, onKill }: KillPlan): Promise<KillReport> {
  const random = createRandom(seed);
  const recipe: Recipe = { ...tiny.recipe, mode };
  const unbroken = await tiny.train(recipe);
  let step = 0;
  let left = kills;
  let killAt: number | null = null;
  tiny.listen((message, trainer) => {
    if (message.type !== 'metrics' || killAt === null) return;
    step = message.metrics.at(-1)?.step ?? step;
    if (step < killAt) return;
    killAt = null;
    setTimeout(() => trainer.kill(), random.uniform(0, 15));
  });
  const aimNext = (from: number): void => void (killAt = left > 0 ? from + random.integer(stepsToNextKill) : null);
  aimNext(1);
  const { record: started } = await tiny.runs.start(tinyProjectId, recipe);
  let record = await tiny.ended(started.id);
  while (record.status !== 'completed') {
    left -= 1;
    onKill?.(kills - left, step);
    aimNext(step + 1);
    record = await resumeOrStart(tiny, record, recipe);
  }
  return {
    kills: kills - left,
    record,
    hasEqualWeights: (await tiny.weights(record.id)).equals(await tiny.weights(unbroken.id)),
    hasEqualCurves: isEqual(await tiny.curves(record.id), await tiny.curves(unbroken.id)),
  };
}

const stepsToNextKill = 12;

/** A run that was killed before its first epoch ended has nothing to go on from. */
async function resumeOrStart(tiny: TinyRuns, { id }: RunRecord, recipe: Recipe): Promise<RunRecord> {
  const begun = await tiny.runs
    .resume(tinyProjectId, id)
    .catch((error: unknown) => {
      if (!String(error).includes('no checkpoint')) throw error;
      return tiny.runs.start(tinyProjectId, recipe);
    })
    .then(({ record }): RunId => record.id);
  return tiny.ended(begun);
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
