import path from 'node:path';
import { AppError, type AppErrorShape } from '../../src-shared/contract/app-error.ts';
import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { viewCountOf } from '../../src-shared/domain/pipeline/views.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { ImageTask } from '../imaging/pipeline-messages.ts';
import { createPipelinePool } from '../imaging/pipeline-pool.ts';
import type { PixelSet } from './features/pixel-set.ts';
import { wrongSize } from './wrong-size.ts';

/** Decodes images and runs their pipeline in worker threads. */
export interface PixelLoader {
  /** Bytes of one view of an image in what `load` answers. */
  readonly viewBytes: number;
  /**
   * Pixels of the images in order, all views of an image together: row-major float32 [count × views, height, width, 3]. Rejects with an AppError that names the image which
   * could not be read, or whose pipeline does not end in the network's input size. Where `into` is long
   * enough the pixels lie at its beginning, and the answer is a view of it.
   */
  load(steps: readonly ResolvedStep[], tasks: readonly ImageTask[], into?: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Starts the worker threads for a network whose input has `inputSize` × `inputSize` pixels. `openPixels` answers where small pictures are
 * kept for a list of steps, null for nowhere. The owner calls `close`.
 */
export function openPixelLoader(
  inputSize: number,
  openPixels: (steps: readonly ResolvedStep[]) => Promise<PixelSet | null>,
): PixelLoader {
  const pool = createPipelinePool();
  const viewLength = inputSize * inputSize * 3;
  return {
    viewBytes: viewLength * 4,
    async load(steps, tasks, into = new Float32Array()) {
      const imageLength = viewLength * viewCountOf(steps);
      const length = tasks.length * imageLength;
      const batch = into.length < length ? new Float32Array(length) : into.subarray(0, length);
      const set = await openPixels(steps);
      const results = await pool.run(steps, tasks, set?.keep);
      for (const [index, result] of results.entries()) {
        const file = tasks[index]?.path ?? '';
        if (result.status === 'failed') throw nameImage(file, result.error);
        if (result.width !== inputSize || result.height !== inputSize)
          throw nameImage(file, wrongSize(result, inputSize).toShape());
        await set?.grew(result.keptBytes);
        batch.set(result.data, index * imageLength);
      }
      pool.giveBack(results);
      return batch;
    },
    close: () => pool.close(),
  };
}

function nameImage(file: string, error: AppErrorShape): AppError {
  const name = path.basename(file);
  const message = say('imageCannotBeUsed', { file: name, problem: error.message });
  return AppError.fromShape({ ...error, message, detail: { ...error.detail, file: name } });
}
