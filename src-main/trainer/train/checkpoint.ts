import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { decodeWeights, encodeWeights, weightsManifestSchema } from '../../network/weights-format.ts';
import type { NetworkWeights, WeightArray } from '../../network/weights.ts';
import { writeFileDurably } from '../../storage/durable-write.ts';

const counts = v.strictObject({ loss: v.number(), correct: v.number(), images: v.number() });

/** Where a training stands: enough, with the recipe, to know what comes next. */
export const trainingPositionSchema = v.strictObject({
  phase: v.picklist(['head', 'all']),
  /** Epochs of this phase that have ended. */
  epochInPhase: v.number(),
  /** Steps done of the epoch that is under way; the order follows from seed and epoch. */
  stepInEpoch: v.number(),
  /** Sums over those steps. */
  sums: counts,
  /** Steps and epochs that have ended, over phases. */
  step: v.number(),
  epoch: v.number(),
  /** Epochs of this phase since the last best one. */
  epochsWithoutBetter: v.number(),
  best: v.nullable(v.strictObject({ epoch: v.number(), loss: v.number() })),
});
export type TrainingPosition = v.InferOutput<typeof trainingPositionSchema>;

/** Everything that a training needs to go on exactly where it was. */
export interface Checkpoint {
  readonly position: TrainingPosition;
  readonly optimizerStepCount: number;
  readonly weights: NetworkWeights;
  readonly optimizerSlots: ReadonlyMap<string, WeightArray>;
  /** The best weights so far; empty while there are none. */
  readonly bestWeights: NetworkWeights;
}

const recordSchema = v.strictObject({
  schemaVersion: v.literal(1),
  position: trainingPositionSchema,
  optimizerStepCount: v.number(),
  /** SHA-256 of tensors.bin, in hex: the two files belong together. */
  tensorsSha256: v.string(),
  manifest: weightsManifestSchema,
});

const keptCount = 2;
const recordFile = 'checkpoint.json';
const tensorsFile = 'tensors.bin';

/** Writes a checkpoint below the folder and removes all but the latest two. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const name = `step-${String(checkpoint.position.step).padStart(9, '0')}`;
  const own = path.join(folder, name);
  await mkdir(own, { recursive: true });
  const tensors = new Map([
    ...prefixed('weights', checkpoint.weights),
    ...prefixed('slots', checkpoint.optimizerSlots),
    ...prefixed('best', checkpoint.bestWeights),
  ]);
  const { entries, bytes } = encodeWeights(tensors, () => 'float32');
  const record: v.InferOutput<typeof recordSchema> = {
    schemaVersion: 1,
    position: checkpoint.position,
    optimizerStepCount: checkpoint.optimizerStepCount,
    tensorsSha256: sha256(bytes),
    manifest: [{ paths: [tensorsFile], weights: [...entries] }],
  };
  await writeFileDurably(path.join(own, tensorsFile), bytes);
  // The record comes last: a checkpoint without one was not finished.
  await writeFileDurably(path.join(own, recordFile), JSON.stringify(record));
  const older = (await checkpointNames(folder)).filter((candidate) => candidate < name);
  for (const old of older.slice(0, Math.max(0, older.length - keptCount + 1))) {
    await rm(path.join(folder, old), { recursive: true, force: true });
  }
}

/** The latest whole checkpoint below the folder, or null. Torn or damaged ones are passed over. */
export async function readLatestCheckpoint(folder: string): Promise<Checkpoint | null> {
  for (const name of (await checkpointNames(folder)).reverse()) {
    const checkpoint = await readCheckpoint(path.join(folder, name));
    if (checkpoint) return checkpoint;
  }
  return null;
}

async function readCheckpoint(folder: string): Promise<Checkpoint | null> {
  const files = [recordFile, tensorsFile].map((file) => readIfPresent(path.join(folder, file)));
  const [json, bytes] = await Promise.all(files);
  if (!json || !bytes) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), json.toString('utf8'));
  if (!parsed.success || parsed.output.tensorsSha256 !== sha256(bytes)) return null;
  const tensors = decodeWeights(parsed.output.manifest[0]?.weights ?? [], bytes);
  return {
    position: parsed.output.position,
    optimizerStepCount: parsed.output.optimizerStepCount,
    weights: withoutPrefix('weights', tensors),
    optimizerSlots: withoutPrefix('slots', tensors),
    bestWeights: withoutPrefix('best', tensors),
  };
}

async function checkpointNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.startsWith('step-')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
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
