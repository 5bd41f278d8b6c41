import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { metricSchema, type Metric } from '../../src-shared/domain/run.ts';
import type { FromTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import type { LinkEvent } from '../../src-main/trainer/job-link.ts';
import { train } from '../../src-main/trainer/train/train-job.ts';
import { recordingLink } from './recording-link.ts';

/** Trains in this process; `react` may answer what the trainer says. */
export async function runJob(
  job: TrainJob,
  react?: Parameters<typeof recordingLink>[0],
): Promise<readonly FromTrainer[]> {
  const { link, said } = recordingLink(react);
  await train(job, link);
  return said;
}

/** The lines of a file of the run. */
export async function linesOf(job: TrainJob, name: string): Promise<readonly string[]> {
  const text = await readFile(path.join(job.runFolder, name), 'utf8');
  return text.split('\n').slice(0, -1);
}

/** Its metrics, in order. */
export async function metricsOf(job: TrainJob): Promise<readonly Metric[]> {
  return (await linesOf(job, 'metrics.jsonl')).map((line) => v.parse(metricSchema, JSON.parse(line)));
}

/** What does not depend on the clock. */
export async function curvesOf(job: TrainJob): Promise<readonly unknown[]> {
  return (await metricsOf(job)).map((metric) =>
    metric.type === 'step'
      ? { ...metric, imagesPerSecond: 0, waitingShare: 0 }
      : { ...metric, seconds: 0, waitingShare: 0 },
  );
}

/** The kept weights as bytes. */
export function weightsOf(job: TrainJob): Promise<Buffer> {
  return readFile(path.join(job.runFolder, 'weights.bin'));
}

/** Answers the first step metric at or after `step` with an event. */
export function atStep(step: number, event: LinkEvent): (message: FromTrainer) => LinkEvent | undefined {
  return (message) =>
    message.type === 'metrics' && message.metrics.some((metric) => metric.step >= step) ? event : undefined;
}
