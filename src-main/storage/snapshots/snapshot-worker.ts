import { parentPort } from 'node:worker_threads';
import { AppError, type AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import { doSnapshotWork } from './do-snapshot-work.ts';
import type { SnapshotAnswers, SnapshotWork } from './snapshot-work.ts';

/** What the thread says about its one piece of work. */
export type SnapshotReply =
  | { readonly ok: true; readonly answer: SnapshotAnswers[SnapshotWork['kind']] }
  | { readonly ok: false; readonly error: AppErrorShape };

const port = parentPort;
if (port === null) throw new Error('This file is a worker and is started by snapshot-thread');

port.once('message', (work: SnapshotWork) => {
  void reply(work).then((message) => port.postMessage(message));
});

async function reply(work: SnapshotWork): Promise<SnapshotReply> {
  try {
    return { ok: true, answer: await doSnapshotWork(work) };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, error: error.toShape() };
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = 'Graft made a mistake with a snapshot.';
    return { ok: false, error: { code: 'bug', message, retry: true, detail: { stack } } };
  }
}
