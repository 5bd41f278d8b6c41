import { parentPort } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { measureImage } from '../../imaging/facts/measure-image.ts';
import { hashFile } from './hash-file.ts';
import { findNearPairs } from './near-pairs.ts';
import type { ThreadReply, ThreadRequest, ThreadWork, ThreadWorks } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('This file is a worker and is started by quality-threads');

port.on('message', (request: ThreadRequest) => {
  void reply(request).then((message) => {
    port.postMessage(message);
  });
});

async function reply(request: ThreadRequest): Promise<ThreadReply> {
  try {
    return { id: request.id, ok: true, output: await answer(request) };
  } catch (error) {
    if (error instanceof AppError) return { id: request.id, ok: false, error: error.toShape() };
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = 'Graft made a mistake while it looked at the pictures.';
    return { id: request.id, ok: false, error: { code: 'bug', message, retry: true, detail: { stack } } };
  }
}

async function answer(request: ThreadRequest): Promise<ThreadWorks[ThreadWork]['output']> {
  switch (request.work) {
    case 'measure':
      return measureImage(request.input.path);
    case 'hash':
      return hashFile(request.input.path);
    case 'near-pairs':
      return findNearPairs(request.input);
    default:
      return assertNever(request, 'request');
  }
}
