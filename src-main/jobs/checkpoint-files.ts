import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { noPlateau, plateauSchema } from '../../src-shared/domain/recipe/plateau.ts';
import { weightsManifestSchema, type WeightEntry } from '../network/weights-format.ts';
import { writeFileDurably } from '../storage/durable-write.ts';

// Checkpoints as files. The trainer writes and reads their tensors; core only asks where they stand and copies them.

const sums = v.strictObject({ loss: v.number(), correct: v.number(), images: v.number() });

/** Where a training stands: enough, with the recipe, to know what comes next. */
export const trainingPositionSchema = v.strictObject({
  phase: v.picklist(['head', 'all']),
  /** Epochs of this phase that have ended. */
  epochInPhase: v.number(),
  /** Steps done of the epoch that is under way; the order follows from seed and epoch. */
  stepInEpoch: v.number(),
  /** Sums over those steps. */
  sums,
  /** Steps and epochs that have ended, over phases. */
  step: v.number(),
  epoch: v.number(),
  /** Epochs of this phase since the last best one. */
  epochsWithoutBetter: v.number(),
  best: v.nullable(v.strictObject({ epoch: v.number(), loss: v.number() })),
  plateau: v.optional(plateauSchema, noPlateau),
  /** The layer whose cached output fine-tuning's batches are; null: they are pixels. Training goes on with what it began with. */
  cachedLayer: v.optional(v.nullable(v.string()), null),
});
export type TrainingPosition = v.InferOutput<typeof trainingPositionSchema>;

const recordSchema = v.strictObject({
  schemaVersion: v.literal(1),
  position: trainingPositionSchema,
  optimizerStepCount: v.number(),
  /** SHA-256 of the tensors, in hex: the two files belong together. */
  tensorsSha256: v.string(),
  manifest: weightsManifestSchema,
});

/** A checkpoint without its tensors' bytes, which `entries` describe. */
interface CheckpointRecord {
  readonly position: TrainingPosition;
  readonly optimizerStepCount: number;
  readonly entries: readonly WeightEntry[];
}

/** A checkpoint as it lies on disk: its tensors are still bytes. */
export interface StoredCheckpoint extends CheckpointRecord {
  readonly bytes: Uint8Array;
}

const keptCount = 2;
const recordFile = 'checkpoint.json';

/**
 * Writes a checkpoint below the folder and removes all but the latest two.
 *
 * Killed at any moment it leaves the checkpoints that were there before, and this one whole or not at all: the tensors are a file named
 * by their content, and the record that names it comes last.
 */
export async function storeCheckpoint(
  folder: string,
  { position, optimizerStepCount, entries }: CheckpointRecord,
  tensors: readonly Uint8Array[],
): Promise<void> {
  const name = `step-${String(position.step).padStart(9, '0')}`;
  const own = path.join(folder, name);
  await mkdir(own, { recursive: true });
  const tensorsSha256 = sha256(tensors);
  const tensorsFile = `${tensorsSha256.slice(0, 16)}.bin`;
  const record: v.InferOutput<typeof recordSchema> = {
    schemaVersion: 1,
    position,
    optimizerStepCount,
    tensorsSha256,
    manifest: [{ paths: [tensorsFile], weights: [...entries] }],
  };
  await writeFileDurably(path.join(own, tensorsFile), tensors);
  await writeFileDurably(path.join(own, recordFile), JSON.stringify(record));
  await keepOnly(own, [recordFile, tensorsFile]);
  const older = (await checkpointNames(folder)).filter((candidate) => candidate < name);
  const kept = older.slice(Math.max(0, older.length - keptCount + 1));
  await keepOnly(folder, [...kept, name]);
}

/** The latest whole checkpoint below the folder, or null. Torn or damaged ones are passed over. */
export async function findLatestCheckpoint(folder: string): Promise<StoredCheckpoint | null> {
  for (const name of (await checkpointNames(folder)).reverse()) {
    const checkpoint = await readCheckpoint(path.join(folder, name));
    if (checkpoint) return checkpoint;
  }
  return null;
}

async function readCheckpoint(folder: string): Promise<StoredCheckpoint | null> {
  const json = await readFile(path.join(folder, recordFile), 'utf8').catch(whenMissing(null));
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), json);
  if (!parsed.success) return null;
  const { position, optimizerStepCount, tensorsSha256, manifest } = parsed.output;
  const [{ paths, weights: entries } = { paths: [], weights: [] }] = manifest;
  const bytes = await readFile(path.join(folder, path.basename(paths[0] ?? '.'))).catch(whenMissing(null));
  if (!bytes || sha256([bytes]) !== tensorsSha256) return null;
  return { position, optimizerStepCount, entries, bytes };
}

async function checkpointNames(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(whenMissing([]))).filter((name) => name.startsWith('step-')).sort();
}

/** Removes everything else in the folder: older checkpoints, torn ones, and files that a kill left half written. */
async function keepOnly(folder: string, names: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!names.includes(name)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

function sha256(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Turns "no such file" into a value; any other failure stays one. */
function whenMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EISDIR'].includes(String(error.code))) return value;
    throw error;
  };
}
