import { parentPort } from 'node:worker_threads';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { createLimiter } from './limiter.ts';
import { makePixels } from './make-pixels.ts';
import {
  picturesAtOnce,
  type ImageResult,
  type PictureWork,
  type WorkerReply,
  type WorkerRequest,
} from './pipeline-messages.ts';

const port = parentPort;
if (port === null) throw new Error('pipeline-worker runs as a worker thread only');

const limit = createLimiter(picturesAtOnce);
port.on('message', (request: WorkerRequest) => {
  void limit(() => answer(request)).then((result) => {
    const reply: WorkerReply = { id: request.id, result };
    port.postMessage(reply, result.status === 'done' ? [result.data.buffer] : []);
  });
});

async function answer(work: PictureWork): Promise<ImageResult> {
  try {
    const { tensor, keptBytes } = await makePixels(work);
    const { width, height, data } = tensor;
    return { status: 'done', width, height, data, keptBytes };
  } catch (error) {
    const known =
      error instanceof AppError
        ? error
        : new AppError('bug', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 'failed', path: work.task.path, error: known.toShape() };
  }
}
