import path from 'node:path';
import { classicPipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { RunPhase } from '../../src-shared/domain/run.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import { benchPipelineId, makeBenchJob, metricsOf } from './bench-job.ts';
import { makePhotos, photoClassNames } from './photos.ts';
import { runTrainer, type TrainerRecord } from './run-trainer.ts';

const counts = { training: 128, validation: 32 };

/** Fine-tunes on JPEGs of 12 megapixels by the default recipe and pipeline, and prints how much of each phase's time was waited for data. */
export async function measureWaiting(folder: string): Promise<void> {
  const images = await makePhotos(path.join(folder, 'photos'), counts);
  const job = await makeBenchJob({
    ...{ mode: 'fine-tuning', name: 'waiting-for-data', folder, images, change: {} },
    pipeline: classicPipeline(benchPipelineId, 'Classic'),
    classNames: await photoClassNames(),
    runtime: await ensureTensorFlowRuntime(),
  });
  const record = await runTrainer(job);
  const features = lastWaitingShare(record, 'features');
  const steps = (await metricsOf(job.runFolder)).filter((metric) => metric.type === 'step' && metric.phase === 'all');
  const fineTuning = steps.at(-1)?.waitingShare ?? Number.NaN;
  console.log(
    `waiting-for-data: ${percent(fineTuning)} of the time of ${steps.length} fine-tuning steps, ${percent(features)} while features were computed before; ${record.seconds.toFixed(1)} s in all for ${counts.training} + ${counts.validation} JPEGs of 12 megapixels`,
  );
}

function lastWaitingShare({ messages }: TrainerRecord, phase: RunPhase): number {
  const shares = messages.flatMap(({ message }) =>
    message.type === 'progress' && message.progress.phase === phase ? [message.progress.waitingShare] : [],
  );
  return shares.at(-1) ?? Number.NaN;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
