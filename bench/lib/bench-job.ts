import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { backboneRecordSchema } from '../../src-shared/domain/backbone.ts';
import { evaluate } from '../../src-shared/domain/evaluation.ts';
import { classIdSchema, pipelineIdSchema } from '../../src-shared/domain/ids.ts';
import { createStep, type Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { PipelineStep } from '../../src-shared/domain/pipeline/steps.ts';
import { defaultRecipe, type Recipe, type TrainingMode } from '../../src-shared/domain/recipe/recipe.ts';
import { metricSchema, predictionSchema, type Metric } from '../../src-shared/domain/run.ts';
import type { JobImage, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import type { TensorFlowRuntime } from '../../src-main/runtime/runtime.ts';

/** EfficientNet-Lite0. */
export const benchBackboneFolder = fileURLToPath(new URL('../../assets/backbones/efficientnet-lite0', import.meta.url));
export const benchPipelineId = v.parse(pipelineIdSchema, 'bench');

export interface BenchTraining {
  readonly mode: TrainingMode;
  /** What names its folders below `folder`. */
  readonly name: string;
  readonly folder: string;
  readonly pipeline: Pipeline;
  /** What differs from the default recipe. */
  readonly change: Partial<Recipe>;
  readonly classNames: readonly string[];
  readonly images: readonly JobImage[];
  readonly runtime: TensorFlowRuntime | null;
}

/** A training as the app would start it, in an empty run folder and with nothing cached. */
export async function makeBenchJob(training: BenchTraining): Promise<TrainJob> {
  const { mode, name, folder, pipeline, change, classNames, images, runtime } = training;
  const own = (kind: string): string => path.join(folder, `${kind}-${name}`);
  const [runFolder, featureCacheFolder] = [own('run'), own('features')];
  for (const each of [runFolder, featureCacheFolder]) await rm(each, { recursive: true, force: true });
  await mkdir(runFolder);
  const record = JSON.parse(await readFile(path.join(benchBackboneFolder, 'backbone.json'), 'utf8')) as unknown;
  return {
    kind: 'train',
    ...{ runFolder, featureCacheFolder, pipeline, classNames, images, runtime },
    backboneFolder: benchBackboneFolder,
    backbone: v.parse(backboneRecordSchema, record),
    recipe: { ...defaultRecipe(mode, benchPipelineId), ...change },
  };
}

/** What the test images say about a training that ended. */
export async function judgeRun({ runFolder, classNames }: TrainJob): Promise<ReturnType<typeof evaluate>> {
  const lines = await linesOf(path.join(runFolder, 'predictions.jsonl'));
  const classes = classNames.map((name, index) => ({ id: v.parse(classIdSchema, String(index)), name }));
  return evaluate(
    lines.map((line) => v.parse(predictionSchema, line)),
    classes,
    'test',
  );
}

/** PIL bilinear to the input size and the backbone's statistics; nothing random. */
export function plainPipeline(): Pipeline {
  const resize = createStep('Resize', 'resize');
  const steps: readonly PipelineStep[] = [
    { ...resize, parameters: { ...resize.parameters, size: [224, 224] } },
    createStep('ToTensor', 'tensor'),
    createStep('Normalize', 'normalize'),
  ];
  return { schemaVersion: 1, id: benchPipelineId, name: 'Plain', training: steps, evaluation: steps };
}

/** The curves that a training left. */
export async function metricsOf(runFolder: string): Promise<readonly Metric[]> {
  return (await linesOf(path.join(runFolder, 'metrics.jsonl'))).map((line) => v.parse(metricSchema, line));
}

async function linesOf(file: string): Promise<readonly unknown[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
