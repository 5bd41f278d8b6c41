import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { BackboneRecord } from '../../src-shared/domain/backbone.ts';
import type { Split } from '../../src-shared/domain/dataset.ts';
import { imageIdSchema, pipelineIdSchema } from '../../src-shared/domain/ids.ts';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import { classicPipeline, createStep, type Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import { defaultRecipe, type Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { appPaths } from '../../src-main/core/paths.ts';
import { encodePng } from '../../src-main/imaging/decode.ts';
import type { JobImage, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import type { Layer } from '../../src-main/network/layer.ts';
import { writeLayersModel } from '../../src-main/network/layers-model.ts';
import { createNetwork } from '../../src-main/network/network.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import { backboneCatalog } from '../../src-main/services/backbone/backbone-catalog.ts';
import { withRandomWeights } from './tiny-networks.ts';

export const tinyInputSize = 8;
const featureCount = 6;
const pipelineId = v.parse(pipelineIdSchema, 'tiny');

const backbone: BackboneRecord = {
  schemaVersion: 1,
  name: 'efficientnet-lite0',
  title: 'Tiny',
  inputSize: tinyInputSize,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  interpolation: 'bilinear',
  featureCount,
  parameterCount: 0,
  stages: [],
  licence: 'none',
  origin: 'random numbers',
  sha256: 'tiny',
};

/** Flips at random in training, so that augmentation and its seeds take part. */
const pipeline: Pipeline = {
  schemaVersion: 1,
  id: pipelineId,
  name: 'Tiny',
  training: [
    createStep('RandomHorizontalFlip', 'flip'),
    createStep('Resize', 'resize'),
    createStep('CenterCrop', 'crop'),
    createStep('ToTensor', 'tensor'),
    createStep('Normalize', 'normalize'),
  ],
  evaluation: [
    createStep('Resize', 'resize'),
    createStep('CenterCrop', 'crop'),
    createStep('ToTensor', 'tensor'),
    createStep('Normalize', 'normalize'),
  ],
};

/**
 * A training that takes a second: noisy red, green and blue pictures of 12 × 10 pixels and a backbone of one convolution. In a multi-label one
 * several of the colours are bright, or none.
 */
export async function makeTinyJob(
  change: Partial<Recipe> = {},
  mode: Recipe['mode'] = 'feature-extraction',
  labelling: Labelling = 'single-label',
): Promise<TrainJob> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-tiny-'));
  const backboneFolder = path.join(folder, 'backbone');
  await mkdir(backboneFolder);
  const { modelJson, weightsBin } = tinyBackbone();
  await writeFile(path.join(backboneFolder, 'model.json'), modelJson);
  await writeFile(path.join(backboneFolder, 'weights.bin'), weightsBin);
  await writeFile(path.join(backboneFolder, 'LICENSE'), 'None.\n');
  const images = [
    ...(await drawImages(folder, 'training', 18, labelling)),
    ...(await drawImages(folder, 'validation', 6, labelling)),
    ...(await drawImages(folder, 'test', 6, labelling)),
  ];
  const job: TrainJob = {
    kind: 'train',
    runFolder: path.join(folder, 'run'),
    featureCacheFolder: path.join(folder, 'features'),
    backboneFolder,
    backbone,
    pipeline,
    runtime: await ensureTensorFlowRuntime(),
    recipe: { ...tinyRecipe(mode), ...change },
    ...(labelling === 'multi-label' && { labelling }),
    classNames: ['red', 'green', 'blue'],
    images,
  };
  await mkdir(job.runFolder);
  return job;
}

/** A few epochs in batches of four. */
export function tinyRecipe(mode: Recipe['mode']): Recipe {
  return {
    ...defaultRecipe(mode, pipelineId),
    batchSize: 4,
    epochs: 3,
    learningRate: 0.05,
    headFirst: { epochs: 2, learningRate: 0.05 },
  };
}

/** The same job on the EfficientNet-Lite0 that Graft ships, with the pipeline that new projects have: a tenth of a second a step. */
export async function onLite0(job: TrainJob): Promise<TrainJob> {
  const { record, folder } = await backboneCatalog(appPaths(process.env)).find('efficientnet-lite0');
  return { ...job, backbone: record, backboneFolder: folder, pipeline: classicPipeline(pipelineId, 'Classic') };
}

/** The same job with a run folder of its own beside the first. */
export async function anotherRun(job: TrainJob, name: string): Promise<TrainJob> {
  const runFolder = path.join(path.dirname(job.runFolder), name);
  await mkdir(runFolder);
  return { ...job, runFolder };
}

function tinyBackbone(): { readonly modelJson: string; readonly weightsBin: Uint8Array } {
  const image: Layer = { kind: 'input', name: 'image', inputs: [], shape: [tinyInputSize, tinyInputSize, 3] };
  const layers: Layer[] = [
    {
      ...{ kind: 'conv', name: 'stem_conv', inputs: ['image'], filters: featureCount },
      ...{ kernelSize: [3, 3], strides: [2, 2], padding: 'same', hasBias: false },
    },
    { kind: 'batch-norm', name: 'stem_bn', inputs: ['stem_conv'], epsilon: 1e-3, momentum: 0.9 },
    { kind: 'relu', name: 'stem_relu', inputs: ['stem_bn'], maxValue: 6 },
  ];
  const stage = { name: 'stem', layers: layers.map(({ name }) => name) };
  const { network, weights } = withRandomWeights(createNetwork('tiny', [image, ...layers], [stage]));
  return writeLayersModel(network, weights);
}

async function drawImages(
  folder: string,
  split: Split,
  count: number,
  labelling: Labelling,
): Promise<readonly JobImage[]> {
  const random = createRandom(split);
  return Promise.all(
    Array.from({ length: count }, async (_, index): Promise<JobImage> => {
      const labels =
        labelling === 'multi-label' ? [0, 1, 2].filter((place) => ((index * 5) >> place) % 2 === 1) : [index % 3];
      const data = Uint8Array.from({ length: 12 * 10 * 3 }, (_value, offset) =>
        random.integer(labels.includes(offset % 3) ? 256 : 120),
      );
      const png = await encodePng({ width: 12, height: 10, data });
      const file = path.join(folder, `${split}-${index}.png`);
      await writeFile(file, png);
      const imageId = v.parse(imageIdSchema, createHash('sha256').update(png).digest('hex'));
      const label = labelling === 'multi-label' ? labels : (labels[0] ?? 0);
      return { imageId, path: file, label, split };
    }),
  );
}
