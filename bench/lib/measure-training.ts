import path from 'node:path';
import type { TrainingMode } from '../../src-shared/domain/recipe/recipe.ts';
import type { TensorFlowRuntime } from '../../src-main/runtime/runtime.ts';
import { judgeRun, makeBenchJob, metricsOf, plainPipeline } from './bench-job.ts';
import { fashionClassNames, fashionImages } from './fashion-mnist.ts';
import { runTrainer } from './run-trainer.ts';

export interface TrainingBenchmark {
  readonly mode: TrainingMode;
  readonly folder: string;
  readonly runtime: TensorFlowRuntime;
  /** Training images, and as many test images. */
  readonly imageCount: number;
}

/** PyTorch's own figure for a linear layer on pooled features, same images, preprocessing and optimizer, 50 epochs. */
const pytorchAccuracy = 0.861;

/** Trains in a real trainer process and prints accuracy, seconds and memory. */
export async function measureTraining({ mode, folder, runtime, imageCount }: TrainingBenchmark): Promise<void> {
  const images = [
    ...(await fashionImages(path.join(folder, 'images'), { split: 'training', count: imageCount })),
    ...(await fashionImages(path.join(folder, 'images'), { split: 'test', count: imageCount })),
  ];
  const job = await makeBenchJob({
    ...{ mode, name: mode, folder, images, runtime, classNames: fashionClassNames },
    pipeline: plainPipeline(),
    change: mode === 'feature-extraction' ? { epochs: 50 } : {},
  });
  const { runFolder } = job;
  const record = await runTrainer(job);
  const { accuracy, loss, images: judged } = await judgeRun(job);
  const right = Math.round(accuracy * judged.length);
  const reference = mode === 'feature-extraction' ? `, PyTorch ${(pytorchAccuracy * 100).toFixed(1)} %` : '';
  console.log(
    `${mode}: ${(accuracy * 100).toFixed(1)} % of test images (${right} of ${judged.length}), loss ${loss.toFixed(3)}${reference}`,
  );
  console.log(
    `${mode}: ${record.seconds.toFixed(1)} s in all, peak memory ${(record.peakMemoryBytes / 1e9).toFixed(2)} GB`,
  );
  for (const line of await epochTimes(runFolder)) console.log(`${mode}: ${line}`);
}

/** Mean seconds of an epoch, phase by phase. */
async function epochTimes(runFolder: string): Promise<readonly string[]> {
  const metrics = await metricsOf(runFolder);
  return (['head', 'all'] as const).flatMap((phase) => {
    const epochs = metrics.filter((metric) => metric.type === 'epoch' && metric.phase === phase);
    const steps = metrics.filter((metric) => metric.type === 'step' && metric.phase === phase).length;
    const seconds = epochs.reduce((sum, metric) => sum + (metric.type === 'epoch' ? metric.seconds : 0), 0);
    return epochs.length === 0
      ? []
      : [
          `phase ${phase}: ${epochs.length} epochs, ${(seconds / epochs.length).toFixed(2)} s each, ${((seconds / steps) * 1000).toFixed(1)} ms a step`,
        ];
  });
}
