import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { runIdSchema, type RunId } from '../../../src-shared/domain/ids.ts';
import {
  labelPredictionSchema,
  metricSchema,
  predictionSchema,
  runRecordSchema,
  type LabelPrediction,
  type Metric,
  type Prediction,
  type RunRecord,
} from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { writeFileDurably, writeJsonDurably } from '../../storage/durable-write.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';

/** All runs of a project, latest first; folders without a readable run.json are passed over. */
export async function listRunRecords(paths: ProjectPaths): Promise<readonly RunRecord[]> {
  const names = await readdir(paths.runs).catch(whenMissing([]));
  const ids = names.map((name) => v.safeParse(runIdSchema, name)).filter((parsed) => parsed.success);
  const records = await Promise.all(ids.map(({ output }) => tryReadRecord(paths, output)));
  return records.filter((record) => record !== null).sort((a, b) => b.number - a.number);
}

/** One run's record; AppError not-found without one, damaged-file when it cannot be read. */
export async function readRunRecord(paths: ProjectPaths, id: RunId): Promise<RunRecord> {
  const text = await readFile(paths.run(id).record, 'utf8').catch(whenMissing(null));
  if (text === null) {
    throw new AppError('not-found', say('runUnknown', { run: id }));
  }
  const parsed = v.safeParse(runRecordSchema, parseJson(text));
  if (!parsed.success || parsed.output.id !== id) {
    throw new AppError('damaged-file', say('runDamaged', { run: id }));
  }
  return parsed.output;
}

/** Writes run.json durably; the run's folder is made the first time. */
export async function writeRunRecord(paths: ProjectPaths, record: RunRecord): Promise<void> {
  const { folder, record: file } = paths.run(record.id);
  await mkdir(folder, { recursive: true });
  await writeJsonDurably(file, record);
}

/** Removes what a training has left in a run's folder; the record stays. */
export async function clearTraining(paths: ProjectPaths, id: RunId): Promise<void> {
  const { folder, record } = paths.run(id);
  const names = await readdir(folder).catch(whenMissing([]));
  const others = names.filter((name) => name !== path.basename(record));
  await Promise.all(others.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

/** The curves of a run as far as they were written; a last line cut off by a crash is left out. */
export async function readMetrics(paths: ProjectPaths, id: RunId): Promise<readonly Metric[]> {
  return readLines(paths.run(id).metrics, metricSchema);
}

/** Writes the curves with which a run begins that continues another; the run's folder exists. */
export async function writeMetrics(paths: ProjectPaths, id: RunId, metrics: readonly Metric[]): Promise<void> {
  await writeFileDurably(paths.run(id).metrics, metrics.map((metric) => `${JSON.stringify(metric)}\n`).join(''));
}

/** What the kept weights said about the held-out images; empty when the run was never judged. */
export async function readPredictions(paths: ProjectPaths, id: RunId): Promise<readonly Prediction[]> {
  return readLines(paths.run(id).predictions, predictionSchema);
}

/** The same of a multi-label run. */
export async function readLabelPredictions(paths: ProjectPaths, id: RunId): Promise<readonly LabelPrediction[]> {
  return readLines(paths.run(id).predictions, labelPredictionSchema);
}

/** True when the run left weights that can predict and be exported. */
export async function hasWeights(paths: ProjectPaths, id: RunId): Promise<boolean> {
  const { model, weights } = paths.run(id);
  const sizes = await Promise.all([model, weights].map((file) => stat(file).then(({ size }) => size, whenMissing(0))));
  return sizes.every((size) => size > 0);
}

/** Differs when the kept weights do: a run that is continued replaces them. */
export async function weightsVersion(paths: ProjectPaths, id: RunId): Promise<number> {
  return stat(paths.run(id).weights).then(({ mtimeMs }) => mtimeMs, whenMissing(0));
}

async function tryReadRecord(paths: ProjectPaths, id: RunId): Promise<RunRecord | null> {
  try {
    return await readRunRecord(paths, id);
  } catch (error) {
    // A folder without a record is a start that a crash undid; a damaged record must not hide the other runs.
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function readLines<Schema extends v.GenericSchema>(
  file: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>[]> {
  const text = await readFile(file, 'utf8').catch(whenMissing(''));
  return text.split('\n').flatMap((line) => {
    const parsed = line === '' ? undefined : v.safeParse(schema, parseJson(line));
    return parsed?.success ? [parsed.output] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Turns "no such file" into a value; any other failure stays one. */
function whenMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value;
    throw error;
  };
}
