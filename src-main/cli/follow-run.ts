import type { EventPayload } from '../../src-shared/contract/contract.ts';
import type { RunSnapshot } from '../../src-shared/contract/run.contract.ts';
import {
  isActiveStatus,
  type EpochMetric,
  type Metric,
  type RunProgress,
  type RunRecord,
} from '../../src-shared/domain/run.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import { duration, percent } from './words.ts';

/**
 * Begins a run and resolves with its record when it has ended, showing how it goes. An interruption cancels the run,
 * which then keeps and judges its best weights.
 */
export async function followToTheEnd(
  session: Session,
  projectId: ProjectId,
  begin: () => Promise<RunSnapshot>,
): Promise<RunRecord> {
  const { client, output, interrupted } = session;
  const ended = Promise.withResolvers<RunRecord>();
  let runId: string | undefined;
  let batchSize: number | undefined;
  const stops = [
    client.on('runtime.changed', (payload) => showRuntime(output, payload)),
    client.on('run.recordChanged', ({ record }) => {
      if (record.id !== runId) return;
      output.tell('status', { run: record.id, status: record.status });
      if (record.recipe.batchSize !== batchSize) showSmallerBatch(output, record);
      batchSize = record.recipe.batchSize;
      if (!isActiveStatus(record.status)) ended.resolve(record);
    }),
    client.on('run.metricsAdded', ({ metrics }) => metrics.forEach((metric) => showMetric(output, metric))),
    client.on('run.progressed', ({ progress }) => output.progress(progressWords(progress))),
  ];
  try {
    const { record: started } = await begin();
    runId = started.id;
    batchSize = started.recipe.batchSize;
    output.tell('status', { run: started.id, status: started.status });
    // Subscribed before it started, but told apart only now: it may have ended meanwhile.
    const { record } = await client.call('run.get', { projectId, runId: started.id });
    if (!isActiveStatus(record.status)) return record;
    onInterrupt(interrupted, () => client.call('run.cancel', { projectId, runId: started.id }));
    return await ended.promise;
  } finally {
    for (const stop of stops) stop();
  }
}

/** A run changes its batch size only where memory did not suffice for it. */
function showSmallerBatch(output: Output, { id, recipe: { batchSize }, plannedBatchSize }: RunRecord): void {
  output.tell('batch-reduced', { run: id, batchSize, plannedBatchSize });
  output.note(`Memory ran out before anything was learned. The run begins again with a batch size of ${batchSize}.`);
}

/** Says how far an installation is, while there is one. */
export function showRuntime(output: Output, { status: { progress } }: EventPayload<'runtime.changed'>): void {
  if (!progress) return;
  output.progress(`${textOf(progress.words)} (${percent(progress.value)})`);
  output.tell('runtime', { stage: progress.stage, value: progress.value, words: progress.words });
}

function showMetric(output: Output, metric: Metric): void {
  if (metric.type !== 'epoch') return;
  const { phase, epoch, training, validation, isBest, seconds, waitingShare } = metric;
  output.tell('epoch', { phase, epoch, training, validation, isBest, seconds, waitingShare });
  output.note(epochWords(metric));
}

function epochWords({ epoch, training, validation, isBest }: EpochMetric): string {
  const held = validation ? `, validation loss ${validation.loss.toFixed(4)} ${judgedWords(validation)}` : '';
  return `epoch ${epoch}: training loss ${training.loss.toFixed(4)} accuracy ${percent(training.accuracy)}${held}${isBest ? ' ●' : ''}`;
}

function judgedWords({ accuracy, meanAveragePrecision }: NonNullable<EpochMetric['validation']>): string {
  return meanAveragePrecision === undefined
    ? `accuracy ${percent(accuracy)}`
    : `mean average precision ${percent(meanAveragePrecision)}`;
}

function progressWords({ phase, value, done, total, imagesPerSecond, waitingShare, secondsLeft }: RunProgress): string {
  const speed = imagesPerSecond === null ? '' : `, ${Math.round(imagesPerSecond)} images/s`;
  const waiting = waitingShare === null ? '' : `, waiting for data ${percent(waitingShare)} of the time`;
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  return `${percent(value)}  ${phase} ${done} of ${total}${speed}${waiting}${left}`;
}
