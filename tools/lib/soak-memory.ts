import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromTrainer, ToTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { makeTinyJob, onLite0 } from '../../test/support/tiny-training.ts';

/** Most that memory may grow in the second half, in MB in 100 steps. */
const mostGrowth = 1;

interface Sample {
  readonly step: number;
  readonly memoryBytes: number;
}

/** Fine-tunes EfficientNet-Lite0 for so many steps; true when the trainer's memory stays flat in the second half. */
export async function soakMemory(steps: number): Promise<boolean> {
  const job = await longJob(steps);
  try {
    const samples = await sampleMemory(job, steps);
    const later = samples.filter(({ step }) => step >= steps / 2);
    const growth = slope(later) * (100 / 1e6);
    const peak = Math.max(...samples.map(({ memoryBytes }) => memoryBytes));
    const words = `${growth.toFixed(3)} MB in 100 steps (${later.length} samples), peak ${(peak / 1e9).toFixed(2)} GB`;
    console.log(`memory over the second half of ${steps} steps: ${words}`);
    return growth <= mostGrowth;
  } finally {
    await rm(path.dirname(job.runFolder), { recursive: true, force: true });
  }
}

/** Two images a step, from pixels, all parameters; an epoch has nine steps. */
async function longJob(steps: number): Promise<TrainJob> {
  const recipe = { batchSize: 2, learningRate: 1e-5, headFirst: { epochs: 1, learningRate: 0.01 } };
  return onLite0(await makeTinyJob({ ...recipe, epochs: Math.ceil(steps / 9) }, 'fine-tuning'));
}

function sampleMemory(job: TrainJob, steps: number): Promise<readonly Sample[]> {
  const trainer = fork(fileURLToPath(new URL('../../src-main/trainer/main.ts', import.meta.url)), { stdio: 'inherit' });
  const samples: Sample[] = [];
  let step = 0;
  let told = 0;
  return new Promise((resolve, reject) => {
    trainer.on('message', (message: FromTrainer) => {
      if (message.type === 'failed') reject(new Error(textOf(message.error.message)));
      if (message.type === 'metrics') step = message.metrics.at(-1)?.step ?? step;
      if (message.type === 'heartbeat' && step > 0) samples.push({ step, memoryBytes: message.memoryBytes });
      if (step < told + 100) return;
      told = step;
      console.log(`step ${step} of ${steps}: ${((samples.at(-1)?.memoryBytes ?? 0) / 1e9).toFixed(2)} GB`);
    });
    trainer.on('error', reject);
    trainer.on('exit', () => resolve(samples));
    trainer.send({ type: 'start', job } satisfies ToTrainer);
  });
}

/** Bytes a step, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [steps, bytes] = [mean(samples.map(({ step }) => step)), mean(samples.map(({ memoryBytes }) => memoryBytes))];
  const product = samples.reduce((sum, sample) => sum + (sample.step - steps) * (sample.memoryBytes - bytes), 0);
  return product / samples.reduce((sum, { step }) => sum + (step - steps) ** 2, 0);
}
