import type { WrongInEveryRun } from '../../../src-shared/contract/run.contract.ts';
import { heldOutSplit } from '../../../src-shared/domain/dataset.ts';
import { evaluate, type Evaluation, type JudgedImage } from '../../../src-shared/domain/evaluation.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { JudgedRun } from './compare-runs.ts';

const leastRuns = 2;

/**
 * Images that no run gets right, of those that at least two runs judged with the label that the latest of these runs knew. They are hard, or
 * their label is wrong. `runs` come latest first; null where fewer than two were judged on the same split.
 */
export function wrongInEveryRun(runs: readonly Pick<JudgedRun, 'record' | 'predictions'>[]): WrongInEveryRun | null {
  const split = heldOutSplit(runs.flatMap(({ predictions }) => predictions));
  const judged = runs
    .filter(({ predictions }) => predictions.some((prediction) => prediction.split === split))
    .map(({ record, predictions }) => evaluate(predictions, record.classes, split));
  const [latest] = judged;
  if (!latest || judged.length < leastRuns) return null;
  const tallies = tally(judged);
  const compared = latest.images.filter((image) => (tallies.get(keyOf(latest, image))?.judged ?? 0) >= leastRuns);
  return {
    split,
    runCount: judged.length,
    imageCount: compared.length,
    classes: latest.classes,
    images: compared
      .filter((image) => tallies.get(keyOf(latest, image))?.right === 0)
      .toSorted((a, b) => b.probability - a.probability),
  };
}

interface Tally {
  readonly judged: number;
  readonly right: number;
}

/** How many runs judged each image with each label, and how many of them rightly. */
function tally(evaluations: readonly Evaluation[]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const evaluation of evaluations) {
    for (const image of evaluation.images) {
      const key = keyOf(evaluation, image);
      const { judged, right } = tallies.get(key) ?? { judged: 0, right: 0 };
      tallies.set(key, { judged: judged + 1, right: right + (image.label === image.predicted ? 1 : 0) });
    }
  }
  return tallies;
}

/** By the class's id: runs may know their classes in different orders. */
function keyOf({ classes }: Evaluation, { imageId, label }: JudgedImage): `${ImageId} ${ClassId | ''}` {
  return `${imageId} ${classes[label]?.id ?? ''}`;
}
