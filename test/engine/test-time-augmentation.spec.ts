import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../src-shared/domain/pipeline/resolve.ts';
import type { PipelineStep } from '../../src-shared/domain/pipeline/steps.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { predictionSchema, type Prediction } from '../../src-shared/domain/run.ts';
import { applyPipeline } from '../../src-main/imaging/apply-pipeline.ts';
import { decodeImage } from '../../src-main/imaging/decode.ts';
import { crop } from '../../src-main/imaging/kernels/crop.ts';
import { flipHorizontally } from '../../src-main/imaging/kernels/flip.ts';
import type { RgbImage } from '../../src-main/imaging/kernels/rgb-image.ts';
import { tensorsOf } from '../../src-main/imaging/step.ts';
import type { FromTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { chooseFrozenEngine } from '../../src-main/trainer/executors/frozen-engine.ts';
import { inferRows } from '../../src-main/trainer/infer-rows.ts';
import { loadModel } from '../../src-main/trainer/load-model.ts';
import { answerPredictions } from '../../src-main/trainer/predict/predict-job.ts';
import { verify } from '../../src-main/trainer/verify/verify-job.ts';
import { recordingLink } from '../support/recording-link.ts';
import { linesOf, runJob } from '../support/run-tiny.ts';
import { exportTiny } from '../support/tiny-export.ts';
import { makeTinyJob, tinyInputSize } from '../support/tiny-training.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const resize = createStep('Resize', 'resize');
const before: readonly PipelineStep[] = [{ ...resize, parameters: { ...resize.parameters, size: 10 } }];
const after = [createStep('ToTensor', 'tensor'), createStep('Normalize', 'normalize')];

/** Pictures of 12 × 10 pixels are judged by ten crops of 8 × 8. */
async function trained(mode: TrainJob['recipe']['mode']): Promise<TrainJob> {
  const made = await makeTinyJob({}, mode);
  folders.push(path.dirname(made.runFolder));
  const evaluation = [...before, createStep('TenCrop', 'views'), ...after];
  const job = { ...made, pipeline: { ...made.pipeline, evaluation } };
  await runJob(job);
  return job;
}

async function predictionsOf(job: TrainJob): Promise<readonly Prediction[]> {
  return (await linesOf(job, 'predictions.jsonl')).map((line) => v.parse(predictionSchema, JSON.parse(line)));
}

/** Ten crops by their definition, each judged alone, and the plain mean of what comes out. */
async function judgeByHand(job: TrainJob, file: string): Promise<readonly number[]> {
  const side = { width: tinyInputSize, height: tinyInputSize };
  const value = applyPipeline(await decodeImage(file), resolveSteps(before, job.backbone), 0);
  if (value.type !== 'picture') throw new Error('Expected a picture');
  const crops = [value.image, flipHorizontally(value.image)].flatMap((image): RgbImage[] => {
    const [right, bottom] = [image.width - tinyInputSize, image.height - tinyInputSize];
    return [
      crop(image, { top: 0, left: 0, ...side }),
      crop(image, { top: 0, left: right, ...side }),
      crop(image, { top: bottom, left: 0, ...side }),
      crop(image, { top: bottom, left: right, ...side }),
      crop(image, { top: bottom / 2, left: right / 2, ...side }),
    ];
  });
  const executor = (await chooseFrozenEngine(job.runtime)).open(await loadModel(job.runFolder, say('runHasNoModel')));
  const rows: Float32Array[] = [];
  for (const one of crops) {
    const [tensor] = tensorsOf(applyPipeline(one, resolveSteps(after, job.backbone), 0));
    rows.push(...(await inferRows(executor, [tensor!.data])));
  }
  executor.dispose();
  return job.classNames.map((_name, index) => rows.reduce((sum, row) => sum + row[index]!, 0) / rows.length);
}

async function predicted(job: TrainJob, file: string): Promise<FromTrainer | undefined> {
  const { link, said } = recordingLink((message) => {
    if (message.type === 'ready') return { type: 'message', message: { type: 'predict', id: 1, path: file } };
    return message.type === 'predicted' ? { type: 'message', message: { type: 'cancel' } } : undefined;
  });
  await answerPredictions({ ...job, kind: 'predict' }, link);
  return said.find(({ type }) => type === 'predicted');
}

describe.each(['feature-extraction', 'fine-tuning'] as const)('test-time augmentation in a run by %s', (mode) => {
  it('judges each image by the mean over its views, at the end of the run and when a picture is tried', async () => {
    const job = await trained(mode);
    const predictions = await predictionsOf(job);
    expect(predictions).toHaveLength(12);
    for (const { imageId, probabilities } of [predictions[0]!, predictions[7]!]) {
      const file = job.images.find((image) => image.imageId === imageId)!.path;
      const byHand = await judgeByHand(job, file);
      expect(largestDifference(probabilities, byHand)).toBeLessThan(2e-6);
      const answer = await predicted(job, file);
      if (answer?.type !== 'predicted' || !answer.result.ok) throw new Error('Expected a prediction');
      expect(largestDifference(answer.result.probabilities, byHand)).toBeLessThan(2e-6);
    }
  });
});

describe('an export of a run with test-time augmentation', () => {
  it('is certified with its code’s views and average, and not with another average', async () => {
    const job = await trained('feature-extraction');
    const pageFolder = path.dirname(job.runFolder);
    await writeFile(path.join(pageFolder, 'page.js'), '');
    await writeFile(path.join(pageFolder, 'LICENSES.txt'), '');
    const { folder, verifyJob } = await exportTiny(job, pageFolder);
    const certificateOf = async (): Promise<unknown> => {
      const { link, said } = recordingLink();
      await verify(verifyJob, link);
      const last = said.at(-1);
      return last?.type === 'verified' ? last.certificate : null;
    };
    const kinds = ['Resize', 'TenCrop', 'ToTensor', 'Normalize', 'average'];
    expect(await certificateOf()).toMatchObject({
      ...{ isPassed: true, imageCount: 6, top1Agreement: 1 },
      preprocessing: { isPassed: true, steps: kinds.map((kind) => ({ kind, maxDifference: 0 })) },
    });
    expect(JSON.parse(await readFile(path.join(folder, 'preprocess.json'), 'utf8'))).toMatchObject({
      views: { count: 10, average: 'probabilities' },
    });
    expect(await readFile(path.join(folder, 'MODEL_CARD.md'), 'utf8')).toContain('10 forward passes');
    const file = path.join(folder, 'preprocess.mjs');
    const code = await readFile(file, 'utf8');
    await writeFile(file, code.replace('averageOfViews(probabilities, 10)', 'averageOfViews(probabilities, 5)'));
    expect(await certificateOf()).toMatchObject({ isPassed: false, preprocessing: { isPassed: false } });
  });
});

function largestDifference(one: readonly number[], other: readonly number[]): number {
  expect(one.length).toBe(other.length);
  return Math.max(...one.map((value, index) => Math.abs(value - other[index]!)));
}
