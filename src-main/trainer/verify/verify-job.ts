import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { resolveStraight } from '../../../src-shared/domain/pipeline/resolve.ts';
import { averageViews } from '../../../src-shared/lib/average-views.ts';
import { parseModelFile } from '../../exporters/model-file.ts';
import { readPreprocessing, toNetworkInput, type Preprocessing } from '../../exporters/preprocessing.ts';
import { decodeImage } from '../../imaging/decode.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import type { VerifyJob } from '../../jobs/trainer-protocol.ts';
import type { JobLink } from '../job-link.ts';
import { loadTensorMath } from '../tensor-math.ts';
import { loadTensorFlow, type TensorFlow } from '../tensorflow.ts';
import { mathThreadCount } from '../thread-count.ts';
import { certify, type CheckedImage } from './certify.ts';
import { startPreprocessingCheck } from './check-preprocessing.ts';

/**
 * Loads exported files afresh with TF.js's own loader and layers, and compares them with the app's probabilities.
 *
 * Pixels are made by the exported preprocess.json and not by the run's pipeline; preprocess.mjs is held against that pipeline step by step. When told to stop it ends without a certificate.
 */
export async function verify(job: VerifyJob, link: JobLink): Promise<void> {
  const tensorFlow = job.runtime
    ? loadTensorFlow(job.runtime, { threadCount: mathThreadCount() })
    : await loadTensorMath();
  const preprocessing = readPreprocessing(await readFile(path.join(job.exportFolder, '..', 'preprocess.json'), 'utf8'));
  const model = await loadExportedModel(tensorFlow, job.exportFolder);
  const steps = resolveStraight(job.pipeline.evaluation, job.backbone);
  const code = await startPreprocessingCheck(path.join(job.exportFolder, '..'), steps);
  let modelMs = 0;
  const checked: CheckedImage[] = [];
  for (const { imageId, path: file, probabilities } of job.images) {
    const image = await decodeImage(file);
    const startMs = performance.now();
    const { rows, viewCount } = predict(tensorFlow, model, { image, preprocessing });
    const exported = averageViews(rows, viewCount, rows.length / viewCount);
    modelMs += performance.now() - startMs;
    code.add(image, { rows, mean: exported });
    checked.push({ imageId, expected: probabilities, exported: Array.from(exported) });
    reportProgress(link, checked.length, job.images.length);
    await link.breathe();
    if (link.stopReason()) return;
  }
  model.dispose();
  const certificate = certify(checked, {
    format: job.format,
    checkedWith: `TensorFlow.js ${tensorFlow.tf.version.tfjs} tf.loadLayersModel on ${tensorFlow.name}`,
    preprocessing: code.proof(),
    secondsPerImage: modelMs / 1000 / Math.max(1, checked.length),
    checkedAt: new Date().toISOString(),
  });
  link.send({ type: 'verified', certificate });
}

async function loadExportedModel({ tf }: TensorFlow, folder: string): Promise<LayersModel> {
  try {
    const { modelTopology, weightSpecs, weightPaths } = parseModelFile(
      await readFile(path.join(folder, 'model.json'), 'utf8'),
    );
    const shards = await Promise.all(weightPaths.map((name) => readFile(path.join(folder, path.basename(name)))));
    const weightData = Uint8Array.from(Buffer.concat(shards)).buffer;
    return await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('export-differs', `TF.js cannot load the exported files: ${reason}`, { cause: error });
  }
}

/** Probabilities of each view of a picture, row by row. */
function predict(
  { tf }: TensorFlow,
  model: LayersModel,
  { image, preprocessing }: { readonly image: RgbImage; readonly preprocessing: Preprocessing },
): { readonly rows: Float32Array; readonly viewCount: number } {
  const { width, height } = preprocessing.input;
  const { viewCount, data } = toNetworkInput(image, preprocessing);
  const output = tf.tidy(() => {
    const result = model.predict(tf.tensor4d(data, [viewCount, height, width, 3]));
    if (Array.isArray(result)) throw new Error('Expected a model with one output');
    return result;
  });
  try {
    return { rows: Float32Array.from(output.dataSync()), viewCount };
  } finally {
    output.dispose();
  }
}

function reportProgress(link: JobLink, done: number, total: number): void {
  link.send({
    type: 'progress',
    progress: {
      phase: 'evaluation',
      value: done / total,
      done,
      total,
      imagesPerSecond: null,
      waitingShare: null,
      secondsLeft: null,
      memoryBytes: process.memoryUsage.rss(),
      totalSteps: 0,
      totalEpochs: 0,
    },
  });
}
