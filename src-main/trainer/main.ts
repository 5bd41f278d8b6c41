/**
 * The trainer process: does one job that its parent names over child ipc, and ends.
 *
 * This thread only talks: the job itself runs in a worker thread, because a step may block for seconds, and heartbeats, cancel and the
 * end of the parent must not wait for it.
 */
import path from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { AppErrorShape } from '../../src-shared/contract/app-error.ts';
import type { FromTrainer, ToTrainer, TrainerJob } from '../jobs/trainer-protocol.ts';
import type { LinkEvent } from './job-link.ts';

const heartbeatMs = 1000;
/** How long an abandoned job may take to write its checkpoint. */
const abandonedGraceMs = 20_000;

function main(): void {
  if (!process.send) {
    process.stderr.write(
      'The trainer is started by Graft and speaks over its ipc channel; it does nothing by itself.\n',
    );
    process.exit(2);
  }
  // A terminal sends Ctrl-C to the trainer too; core decides when it ends, and tells it to keep its best.
  process.on('SIGINT', () => undefined);
  let worker: Worker | undefined;
  process.on('message', (message: ToTrainer) => {
    if (message.type !== 'start') worker?.postMessage({ type: 'message', message } satisfies LinkEvent);
    else worker ??= startJob(message.job);
  });
  process.on('disconnect', () => {
    if (!worker) process.exit(0);
    worker.postMessage({ type: 'abandoned' } satisfies LinkEvent);
    setTimeout(() => process.exit(1), abandonedGraceMs);
  });
  setInterval(() => tell({ type: 'heartbeat', memoryBytes: process.memoryUsage.rss() }), heartbeatMs);
}

function startJob(job: TrainerJob): Worker {
  const thisFile = new URL(import.meta.url);
  // Packaged code is .js, sources are .ts.
  const file = new URL(`./job-worker${path.extname(thisFile.pathname)}`, thisFile);
  // TensorFlow reads its thread counts from the process's environment, of which a worker otherwise has a copy.
  const worker = new Worker(file, { workerData: job, env: SHARE_ENV });
  worker.on('message', tell);
  worker.on('error', (error) => tell({ type: 'failed', error: bugShape(error) }));
  worker.on('exit', (code) => endAfterSending(code));
  return worker;
}

function tell(message: FromTrainer): void {
  // A parent that has gone is noticed by 'disconnect'; what can no longer be said is not an error.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Ends only when everything said before has left the process: exit() would drop what is still queued. */
function endAfterSending(code: number): void {
  if (!process.connected) process.exit(code);
  process.send?.({ type: 'heartbeat', memoryBytes: process.memoryUsage.rss() }, undefined, undefined, () => {
    process.exit(code);
  });
}

function bugShape(error: unknown): AppErrorShape {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'bug', message: `The trainer stopped because of an error in Graft: ${message}`, retry: true };
}

main();
