import { findLatestCheckpoint, storeCheckpoint, type TrainingPosition } from '../../jobs/checkpoint-files.ts';
import { decodeWeights, encodeWeights } from '../../network/weights-format.ts';
import type { NetworkWeights, WeightArray } from '../../network/weights.ts';

/** Everything that a training needs to go on exactly where it was. */
export interface Checkpoint {
  readonly position: TrainingPosition;
  readonly optimizerStepCount: number;
  readonly weights: NetworkWeights;
  readonly optimizerSlots: ReadonlyMap<string, WeightArray>;
  /** The moving averages of the weights; empty where none are kept. */
  readonly averageWeights: NetworkWeights;
  /** The best weights so far; empty while there are none. */
  readonly bestWeights: NetworkWeights;
  /** What those said about the validation images, [images, classes]; null without best weights or validation images. */
  readonly bestProbabilities: WeightArray | null;
}

const probabilitiesName = 'validation';

/** Writes a checkpoint below the folder and removes all but the latest two. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { position, optimizerStepCount, bestProbabilities } = checkpoint;
  const tensors = new Map([
    ...prefixed('weights', checkpoint.weights),
    ...prefixed('slots', checkpoint.optimizerSlots),
    ...prefixed('average', checkpoint.averageWeights),
    ...prefixed('best', checkpoint.bestWeights),
    ...prefixed('probabilities', new Map(bestProbabilities ? [[probabilitiesName, bestProbabilities]] : [])),
  ]);
  const { entries, parts } = encodeWeights(tensors, () => 'float32');
  await storeCheckpoint(folder, { position, optimizerStepCount, entries }, parts);
}

/** The latest whole checkpoint below the folder, or null. Torn or damaged ones are passed over. */
export async function readLatestCheckpoint(folder: string): Promise<Checkpoint | null> {
  const stored = await findLatestCheckpoint(folder);
  if (!stored) return null;
  const tensors = decodeWeights(stored.entries, stored.bytes);
  return {
    position: stored.position,
    optimizerStepCount: stored.optimizerStepCount,
    weights: withoutPrefix('weights', tensors),
    optimizerSlots: withoutPrefix('slots', tensors),
    averageWeights: withoutPrefix('average', tensors),
    bestWeights: withoutPrefix('best', tensors),
    bestProbabilities: withoutPrefix('probabilities', tensors).get(probabilitiesName) ?? null,
  };
}

function prefixed(group: string, arrays: ReadonlyMap<string, WeightArray>): (readonly [string, WeightArray])[] {
  return [...arrays].map(([name, array]) => [`${group}:${name}`, array] as const);
}

function withoutPrefix(group: string, arrays: NetworkWeights): ReadonlyMap<string, WeightArray> {
  const prefix = `${group}:`;
  return new Map(
    [...arrays].filter(([name]) => name.startsWith(prefix)).map(([name, array]) => [name.slice(prefix.length), array]),
  );
}
