/**
 * Measures Graft on this machine and prints one line a figure: `node bench/main.ts [<benchmark> …] [--images <n>] [--keep <folder>]`.
 *
 * `frozen-forward`, `step-frozen`, `step-trained` and `head-epoch` take turns with PyTorch and Keras and print ratios; `head-epoch-large` has
 * more features than memory. `quick-head` learns from labels as the app does beside labelling, on made features and on --images real ones. `pipelines` takes turns with torchvision on JPEGs, one core each. `feature-extraction-loop` compares a whole
 * training with PyTorch's usual loop. The trainings run on the first images of Fashion-MNIST (Debian: dataset-fashion-mnist), EfficientNet-Lite0 at 224 px, no augmentation.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTensorFlowRuntime } from '../src-main/runtime/provision.ts';
import type { TrainingMode } from '../src-shared/domain/recipe/recipe.ts';
import { hasFashionMnist } from './lib/fashion-mnist.ts';
import { measureDuplicates } from './lib/measure-duplicates.ts';
import { measureFeatureLoop } from './lib/measure-feature-loop.ts';
import { measureImages } from './lib/measure-images.ts';
import { measureInputDelay } from './lib/measure-input-delay.ts';
import { measureMap } from './lib/measure-map.ts';
import { measureNetwork } from './lib/measure-network.ts';
import { measurePartialFineTuning } from './lib/measure-partial-fine-tuning.ts';
import { measurePipelinePreview } from './lib/measure-pipeline-preview.ts';
import { measurePipelines } from './lib/measure-pipelines.ts';
import { measureQuickHead } from './lib/measure-quick-head.ts';
import { measureTraining } from './lib/measure-training.ts';
import { measureWaiting } from './lib/measure-waiting.ts';

interface Options {
  readonly imageCount: number;
  /** Where images and runs lie while the benchmarks last. */
  readonly folder: string;
}

const benchmarks: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  'frozen-forward': () => measureNetwork('frozen-forward'),
  'step-frozen': () => measureNetwork('step-frozen'),
  'step-trained': () => measureNetwork('step-trained'),
  'head-epoch': () => measureNetwork('head-epoch'),
  'head-epoch-large': () => measureNetwork('head-epoch-large'),
  'feature-extraction': (options) => train('feature-extraction', options),
  'fine-tuning': (options) => train('fine-tuning', options),
  'feature-extraction-loop': ({ folder, imageCount }) =>
    hasFashionMnist() ? measureFeatureLoop(folder, imageCount) : skip('feature-extraction-loop'),
  'partial-fine-tuning': async ({ folder }) => measurePartialFineTuning(folder, await ensureTensorFlowRuntime()),
  'waiting-for-data': ({ folder }) => measureWaiting(folder),
  pipelines: ({ folder }) => measurePipelines(folder),
  images: ({ folder }) => measureImages(folder, [100_000, 1_000_000]),
  'quick-head': ({ folder, imageCount }) => measureQuickHead(folder, imageCount),
  map: ({ folder }) => measureMap(folder, [1000, 10_000, 100_000]),
  'input-delay': () => measureInputDelay(),
  duplicates: () => measureDuplicates(),
  'pipeline-preview': ({ folder }) => measurePipelinePreview(folder),
};

async function train(mode: TrainingMode, { folder, imageCount }: Options): Promise<void> {
  if (!hasFashionMnist()) return skip(mode);
  await measureTraining({ mode, folder, runtime: await ensureTensorFlowRuntime(), imageCount });
}

function skip(name: string): Promise<void> {
  console.log(`${name}: SKIPPED, because Debian's package dataset-fashion-mnist is not installed`);
  return Promise.resolve();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { images: { type: 'string', default: '1000' }, keep: { type: 'string' } },
  });
  const names = Object.keys(benchmarks);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`Expected ‹${names.join(', ')}›, received ‹${unknown}›`);
  const folder = values.keep ?? (await mkdtemp(path.join(tmpdir(), 'graft-bench-')));
  await mkdir(folder, { recursive: true });
  try {
    for (const [name, measure] of Object.entries(benchmarks)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      await measure({ imageCount: Number(values.images), folder });
    }
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

await main();
