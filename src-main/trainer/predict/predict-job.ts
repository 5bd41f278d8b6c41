import { AppError } from '../../../src-shared/contract/app-error.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { applyPipeline } from '../../imaging/apply-pipeline.ts';
import { decodeImage } from '../../imaging/decode.ts';
import { tensorsOf } from '../../imaging/step.ts';
import type { FromTrainer, PredictJob } from '../../jobs/trainer-protocol.ts';
import { inputLayer } from '../../network/network.ts';
import type { InferenceExecutor } from '../executors/executor.ts';
import { chooseFrozenEngine } from '../executors/frozen-engine.ts';
import { inferPictures } from '../infer-rows.ts';
import type { JobLink, PredictRequest } from '../job-link.ts';
import { loadModel } from '../load-model.ts';
import { wrongSize } from '../wrong-size.ts';
import { toDecimals } from '../decimals.ts';

type PredictResult = Extract<FromTrainer, { readonly type: 'predicted' }>['result'];

/** Loads a run's model, says that it is ready, and answers predictions, those that wait in one batch, until it is told to stop. */
export async function answerPredictions(job: PredictJob, link: JobLink): Promise<void> {
  const model = await loadModel(job.runFolder, say('runHasNoModel'));
  const executor = (await chooseFrozenEngine(job.runtime)).open(model);
  const steps = resolveSteps(job.pipeline.evaluation, job.backbone);
  try {
    link.send({ type: 'ready' });
    for await (const requests of link.predictRequests()) {
      const results = await predict(executor, steps, requests);
      results.forEach((result, index) => link.send({ type: 'predicted', id: requests[index]?.id ?? 0, result }));
      await link.breathe();
    }
  } finally {
    executor.dispose();
  }
}

/** A picture ready for the network; sizes in pixels after EXIF orientation. */
interface ReadPicture {
  readonly ok: true;
  readonly width: number;
  readonly height: number;
  /** What the network reads of each view. */
  readonly views: readonly Float32Array[];
}

type FailedPicture = Extract<PredictResult, { readonly ok: false }>;

/** Results in the order of the requests; a picture that cannot be read fails alone. */
async function predict(
  executor: InferenceExecutor,
  steps: readonly ResolvedStep[],
  requests: readonly PredictRequest[],
): Promise<readonly PredictResult[]> {
  const [inputSize = 0] = inputLayer(executor.network).shape;
  const pictures = await Promise.all(
    requests.map(({ path }) => readPicture(path, steps, inputSize).catch((error: unknown) => failure(error))),
  );
  try {
    const rows = (
      await inferPictures(
        executor,
        pictures.flatMap((picture) => (picture.ok ? [picture.views] : [])),
      )
    ).values();
    return pictures.map((picture) => {
      if (!picture.ok) return picture;
      const { width, height } = picture;
      return { ok: true, probabilities: toDecimals(rows.next().value ?? new Float32Array()), width, height };
    });
  } catch (error) {
    return pictures.map((picture) => (picture.ok ? failure(error) : picture));
  }
}

async function readPicture(path: string, steps: readonly ResolvedStep[], inputSize: number): Promise<ReadPicture> {
  const image = await decodeImage(path);
  const views = tensorsOf(applyPipeline(image, steps, 0));
  const misfit = views.find(({ width, height }) => width !== inputSize || height !== inputSize);
  if (misfit) throw wrongSize(misfit, inputSize);
  return { ok: true, width: image.width, height: image.height, views: views.map(({ data }) => data) };
}

/** One picture that cannot be read must not end the predictor. */
function failure(error: unknown): FailedPicture {
  if (error instanceof AppError) return { ok: false, error: error.toShape() };
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  const bug = new AppError('bug', 'The picture could not be judged because of an error in Graft.');
  return { ok: false, error: bug.toShape() };
}
