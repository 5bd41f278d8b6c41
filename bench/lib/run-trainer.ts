import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { FromTrainer, ToTrainer, TrainerJob } from '../../src-main/jobs/trainer-protocol.ts';

/** What a trainer process said until it ended, with the time of each message and the most memory it took. */
export interface TrainerRecord {
  readonly messages: readonly { readonly atMs: number; readonly message: FromTrainer }[];
  readonly peakMemoryBytes: number;
  readonly seconds: number;
}

/** Runs one job in a real trainer process. Rejects when the job fails. */
export function runTrainer(job: TrainerJob): Promise<TrainerRecord> {
  const trainer = fork(fileURLToPath(new URL('../../src-main/trainer/main.ts', import.meta.url)), { stdio: 'inherit' });
  const startMs = performance.now();
  const messages: { atMs: number; message: FromTrainer }[] = [];
  let peakMemoryBytes = 0;
  return new Promise((resolve, reject) => {
    trainer.on('message', (message: FromTrainer) => {
      messages.push({ atMs: performance.now() - startMs, message });
      if (message.type === 'heartbeat') peakMemoryBytes = Math.max(peakMemoryBytes, message.memoryBytes);
    });
    trainer.on('error', reject);
    trainer.on('exit', (code) => {
      const failure = messages.map(({ message }) => message).find((message) => message.type === 'failed');
      if (failure) reject(AppError.fromShape(failure.error));
      else if (code === 0) resolve({ messages, peakMemoryBytes, seconds: (performance.now() - startMs) / 1000 });
      else reject(new Error(`The trainer ended with ${String(code)}`));
    });
    trainer.send({ type: 'start', job } satisfies ToTrainer);
  });
}
