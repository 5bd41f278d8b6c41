import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { SnapshotAnswers, SnapshotWork } from './snapshot-work.ts';
import type { SnapshotReply } from './snapshot-worker.ts';

// The worker has the ending of this file: .ts among the sources, .js in a package.
const workerUrl = new URL(`./snapshot-worker${extname(import.meta.url)}`, import.meta.url);

type WorkOf<K extends SnapshotWork['kind']> = Omit<Extract<SnapshotWork, { readonly kind: K }>, 'kind'>;

/**
 * Does a piece of work on databases in a thread of its own: copying and checking one of a hundred thousand images takes a second, in which
 * core must go on taking labels.
 *
 * Throws AppError damaged-file, disk-full or no-access.
 */
export async function inSnapshotThread<K extends SnapshotWork['kind']>(
  kind: K,
  work: WorkOf<K>,
): Promise<SnapshotAnswers[K]> {
  // Flags of the host, such as a test runner's loader, mean nothing to this worker.
  const worker = new Worker(workerUrl, { execArgv: [] });
  try {
    const reply = await new Promise<SnapshotReply>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.once('exit', (code) => reject(new Error(`The snapshot thread ended with ${code}`)));
      worker.postMessage({ ...work, kind });
    });
    if (!reply.ok) throw AppError.fromShape(reply.error);
    // The worker answers each kind of work with its own kind of answer.
    return reply.answer as SnapshotAnswers[K];
  } finally {
    await worker.terminate();
  }
}
