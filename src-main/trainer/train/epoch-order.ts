import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { createRandom, type Random } from '../../../src-shared/lib/seeded-random.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import { chunksOf } from '../prefetch.ts';

/** The images of one step. */
export interface PlannedBatch {
  readonly epochInPhase: number;
  /** Indices into the training images. */
  readonly indices: readonly number[];
  /** For each of them how often it was drawn before in this epoch. */
  readonly repeats: readonly number[];
}

/** The steps of an epoch. A function of its arguments alone, so that a resumed training takes the same images. */
export function planEpoch(
  { seed, batchSize, classBalance }: Pick<Recipe, 'seed' | 'batchSize' | 'classBalance'>,
  labels: readonly number[],
  { phase, epochInPhase }: Pick<TrainingPosition, 'phase' | 'epochInPhase'>,
): readonly PlannedBatch[] {
  const random = createRandom(`${seed}/order/${phase}/${epochInPhase}`);
  const order = classBalance === 'balanced-sampling' ? drawBalanced(labels, random) : random.permutation(labels.length);
  const drawn = new Map<number, number>();
  return chunksOf(order, batchSize).map((indices) => {
    const repeats = indices.map((index) => {
      const before = drawn.get(index) ?? 0;
      drawn.set(index, before + 1);
      return before;
    });
    return { epochInPhase, indices, repeats };
  });
}

/** The steps of a phase from a position to the end of its last epoch. */
export function* planPhase(
  recipe: Parameters<typeof planEpoch>[0],
  labels: readonly number[],
  { phase, epochInPhase, stepInEpoch }: Pick<TrainingPosition, 'phase' | 'epochInPhase' | 'stepInEpoch'>,
  epochs: number,
): Generator<PlannedBatch, void> {
  yield* planEpoch(recipe, labels, { phase, epochInPhase }).slice(stepInEpoch);
  for (let next = epochInPhase + 1; next < epochs; next += 1)
    yield* planEpoch(recipe, labels, { phase, epochInPhase: next });
}

/** As many draws as images, with replacement and every class as likely: WeightedRandomSampler with weights 1 / images of the class. */
function drawBalanced(labels: readonly number[], random: Random): readonly number[] {
  const classes = [...Map.groupBy(labels.keys(), (index) => labels[index]).values()];
  return labels.map(() => {
    const ofClass = classes[random.integer(classes.length)] ?? [];
    return ofClass[random.integer(ofClass.length)] ?? 0;
  });
}
