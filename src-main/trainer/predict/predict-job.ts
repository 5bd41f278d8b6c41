import { AppError, type AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import { applyPipeline } from '../../imaging/apply-pipeline.ts';
import { decodeImage } from '../../imaging/decode.ts';
import type { FromTrainer, PredictJob } from '../../jobs/trainer-protocol.ts';
import { inputLayer, outputLayer } from '../../network/network.ts';
import type { InferenceExecutor } from '../executors/executor.ts';
import { chooseFrozenEngine } from '../executors/frozen-engine.ts';
import type { JobLink } from '../job-link.ts';
import { loadModel } from '../load-model.ts';
import { toDecimals } from '../decimals.ts';

type PredictResult = Extract<FromTrainer, { readonly type: 'predicted' }>['result'];

/** Loads a run's model, says that it is ready, and answers predictions one after the other until it is told to stop. */
export async function answerPredictions(job: PredictJob, link: JobLink): Promise<void> {
  const model = await loadModel(job.runFolder, 'run');
  const executor = (await chooseFrozenEngine(job.runtime)).open(model);
  const steps = resolveSteps(job.pipeline.evaluation, job.backbone);
  try {
    link.send({ type: 'ready' });
    for await (const { id, path } of link.predictRequests()) {
      link.send({ type: 'predicted', id, result: await predict(executor, steps, path) });
    }
  } finally {
    executor.dispose();
  }
}

async function predict(
  executor: InferenceExecutor,
  steps: readonly ResolvedStep[],
  path: string,
): Promise<PredictResult> {
  try {
    const image = await decodeImage(path);
    const value = applyPipeline(image, steps, createRandom(0));
    if (value.type === 'picture')
      throw new AppError('bad-input', 'The evaluation pipeline has no ToTensor step: add one.');
    const { shape, name: from } = inputLayer(executor.network);
    const { width, height, data } = value.tensor;
    if (shape[0] !== height || shape[1] !== width) {
      throw new AppError(
        'bad-input',
        `The evaluation pipeline makes ${width} × ${height} pixels of this picture, but the model needs ${String(shape[1])} × ${String(shape[0])}.`,
      );
    }
    const to = outputLayer(executor.network).name;
    const probabilities = toDecimals(await executor.infer({ from, to, count: 1, values: data }));
    return { ok: true, probabilities, width: image.width, height: image.height };
  } catch (error) {
    return { ok: false, error: toShape(error) };
  }
}

/** One picture that cannot be read must not end the predictor. */
function toShape(error: unknown): AppErrorShape {
  if (error instanceof AppError) return error.toShape();
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return new AppError('bug', 'The picture could not be judged because of an error in Graft.').toShape();
}
