import { parentPort } from 'node:worker_threads';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { createLimiter } from './limiter.ts';
import type { ImageTensor } from './kernels/rgb-image.ts';
import { makePixels } from './make-pixels.ts';
import {
  picturesAtOnce,
  type ImageResult,
  type PictureWork,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSpares,
} from './pipeline-messages.ts';

/** Memory of so many results waits for the next ones: two batches. */
const mostSpares = 64;

const port = parentPort;
if (port === null) throw new Error('pipeline-worker runs as a worker thread only');

const limit = createLimiter(picturesAtOnce);
const spares: Float32Array<ArrayBuffer>[] = [];
port.on('message', (request: WorkerRequest | WorkerSpares) => {
  if ('spares' in request) {
    spares.push(...request.spares);
    spares.splice(0, Math.max(0, spares.length - mostSpares));
    return;
  }
  void limit(() => answer(request)).then((result) => {
    const reply: WorkerReply = { id: request.id, result };
    port.postMessage(reply, result.status === 'done' ? [result.data.buffer] : []);
  });
});

async function answer(work: PictureWork): Promise<ImageResult> {
  try {
    const { tensors, keptBytes } = await makePixels(work, takeNumbers);
    return { status: 'done', ...joinViews(tensors), keptBytes };
  } catch (error) {
    const known =
      error instanceof AppError
        ? error
        : new AppError('bug', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 'failed', path: work.task.path, error: known.toShape() };
  }
}

/** Of the same length as those before it, as a rule: the pictures of a training all have one size. */
function takeNumbers(length: number): Float32Array<ArrayBuffer> {
  const at = spares.findIndex((spare) => spare.length === length);
  return spares.splice(at, at < 0 ? 0 : 1)[0] ?? new Float32Array(length);
}

/** The views one below the other; all of a picture have one size. */
function joinViews(tensors: readonly ImageTensor[]): ImageTensor {
  const [first] = tensors;
  if (!first) throw new Error('A pipeline makes one view at least');
  if (tensors.length === 1) return first;
  const data = new Float32Array(first.data.length * tensors.length);
  tensors.forEach((tensor, view) => data.set(tensor.data, view * first.data.length));
  return { width: first.width, height: first.height, data };
}
