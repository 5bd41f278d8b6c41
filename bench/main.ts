/**
 * Measures Graft on this machine; prints one line a figure.
 *
 *   node bench/main.ts [feature-extraction] [fine-tuning] [steps] [--images <n>] [--keep <folder>]
 *
 * The trainings run on the first images of Fashion-MNIST (Debian: dataset-fashion-mnist), EfficientNet-Lite0 at 224 px, no augmentation.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTensorFlowRuntime } from '../src-main/runtime/provision.ts';
import { hasFashionMnist } from './lib/fashion-mnist.ts';
import { measureSteps } from './lib/measure-steps.ts';
import { measureTraining } from './lib/measure-training.ts';

const benchmarks = ['feature-extraction', 'fine-tuning', 'steps'] as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { images: { type: 'string', default: '1000' }, keep: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !benchmarks.some((benchmark) => benchmark === name));
  if (unknown !== undefined) throw new Error(`Expected ‹${benchmarks.join(', ')}›, received ‹${unknown}›`);
  const chosen = positionals.length === 0 ? benchmarks : benchmarks.filter((name) => positionals.includes(name));
  const imageCount = Number(values.images);
  const folder = values.keep ?? (await mkdtemp(path.join(tmpdir(), 'graft-bench-')));
  await mkdir(folder, { recursive: true });
  const runtime = await ensureTensorFlowRuntime();
  try {
    for (const name of chosen) {
      if (name === 'steps') await measureSteps(runtime);
      else if (hasFashionMnist()) await measureTraining({ mode: name, folder, runtime, imageCount });
      else console.log(`${name}: skipped, because Debian's package dataset-fashion-mnist is not installed`);
    }
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

await main();
