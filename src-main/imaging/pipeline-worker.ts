import { parentPort } from 'node:worker_threads';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { applyPipeline } from './apply-pipeline.ts';
import { decodeImage } from './decode.ts';
import { createLimiter } from './limiter.ts';
import { picturesAtOnce, type ImageResult, type WorkerReply, type WorkerRequest } from './pipeline-messages.ts';

const port = parentPort;
if (port === null) throw new Error('pipeline-worker runs as a worker thread only');

const limit = createLimiter(picturesAtOnce);
port.on('message', (request: WorkerRequest) => {
  void limit(() => answer(request)).then((result) => {
    const reply: WorkerReply = { id: request.id, result };
    port.postMessage(reply, result.status === 'done' ? [result.data.buffer] : []);
  });
});

async function answer({ task, steps }: WorkerRequest): Promise<ImageResult> {
  try {
    const image = await decodeImage(task.path);
    const value = applyPipeline(image, steps, createRandom(task.seed));
    if (value.type === 'picture') {
      throw new AppError('bad-input', say('endsWithPicture'));
    }
    const { width, height, data } = value.tensor;
    return { status: 'done', width, height, data };
  } catch (error) {
    const known =
      error instanceof AppError
        ? error
        : new AppError('bug', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 'failed', path: task.path, error: known.toShape() };
  }
}
