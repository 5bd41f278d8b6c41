import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { JobImage, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import type { TensorFlowRuntime } from '../../src-main/runtime/runtime.ts';
import { featureLimitVariable } from '../../src-main/storage/feature-cache.ts';
import { makeBenchJob, metricsOf, plainPipeline } from './bench-job.ts';
import { runTrainer } from './run-trainer.ts';

const sampleFolder = fileURLToPath(new URL('../../assets/samples/fluent-emoji', import.meta.url));
const epochs = 5;
/** The last two stages of the backbone learn. */
const trainableFrom = 'block7';

/** Fine-tunes the last two stages of the backbone on a bundled sample, with the stage cache and without, and prints the seconds. */
export async function measurePartialFineTuning(folder: string, runtime: TensorFlowRuntime): Promise<void> {
  const classNames = (await readdir(path.join(sampleFolder, 'train'))).sort();
  const images = [
    ...(await sampleImages('train', 'training', classNames)),
    ...(await sampleImages('test', 'validation', classNames)),
  ];
  const change = { epochs, trainableFrom, headFirst: { epochs: 0, learningRate: 0.01 } };
  for (const isCached of [true, false]) {
    const job = await makeBenchJob({
      ...{ mode: 'fine-tuning', name: `partial-${isCached ? 'cached' : 'uncached'}`, folder, change },
      ...{ pipeline: plainPipeline(), classNames, images, runtime },
    });
    const { seconds, bytes, peakMemoryBytes } = await measure(job, isCached);
    const size = bytes === null ? 'no cache' : `${(bytes / 1e6).toFixed(1)} MB of cache`;
    const times = `${seconds.toFixed(1)} s in all, ${(await epochSeconds(job)).toFixed(2)} s an epoch`;
    console.log(
      `partial-fine-tuning: from ${trainableFrom}, ${epochs} epochs, ${images.length} images: ${times}, ${size}, peak memory ${(peakMemoryBytes / 1e9).toFixed(2)} GB`,
    );
  }
}

/** The mean, validation included. */
async function epochSeconds({ runFolder }: TrainJob): Promise<number> {
  const ended = (await metricsOf(runFolder)).filter((metric) => metric.type === 'epoch');
  return ended.reduce((sum, { seconds }) => sum + seconds, 0) / ended.length;
}

async function measure(
  job: TrainJob,
  isCached: boolean,
): Promise<{ readonly seconds: number; readonly bytes: number | null; readonly peakMemoryBytes: number }> {
  const before = process.env[featureLimitVariable];
  if (!isCached) process.env[featureLimitVariable] = '0';
  try {
    const { messages, seconds, peakMemoryBytes } = await runTrainer(job);
    const planned = messages.map(({ message }) => message).find(({ type }) => type === 'stages-planned');
    const stageCache = planned?.type === 'stages-planned' ? planned.stageCache : null;
    if ((stageCache?.kind === 'used') !== isCached) throw new Error('The stages were not cached as asked for');
    return { seconds, bytes: stageCache?.kind === 'used' ? stageCache.bytes : null, peakMemoryBytes };
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, featureLimitVariable);
    else process.env[featureLimitVariable] = before;
  }
}

async function sampleImages(
  part: 'train' | 'test',
  split: JobImage['split'],
  classNames: readonly string[],
): Promise<readonly JobImage[]> {
  const ofClasses = classNames.map(async (className, label): Promise<readonly JobImage[]> => {
    const own = path.join(sampleFolder, part, className);
    return Promise.all(
      (await readdir(own)).sort().map(async (name): Promise<JobImage> => {
        const file = path.join(own, name);
        const imageId = createHash('sha256')
          .update(await readFile(file))
          .digest('hex') as ImageId;
        return { imageId, path: file, label, split };
      }),
    );
  });
  return (await Promise.all(ofClasses)).flat();
}
