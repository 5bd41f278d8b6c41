import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { classicPipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { JobImage } from '../../src-main/jobs/trainer-protocol.ts';
import { mathThreadCount } from '../../src-main/trainer/thread-count.ts';
import { benchBackboneFolder, benchPipelineId, judgeRun, makeBenchJob } from './bench-job.ts';
import { fashionClassNames, fashionImages } from './fashion-mnist.ts';
import { ensurePythonPeers } from './python-environment.ts';
import { runTrainer } from './run-trainer.ts';

const epochs = 10;
const rounds = 2;
const program = fileURLToPath(new URL('../python/feature_loop.py', import.meta.url));
const answerSchema = v.object({
  epochSeconds: v.number(),
  evaluationSeconds: v.number(),
  accuracy: v.optional(v.number()),
});

interface Measured {
  readonly seconds: number;
  readonly accuracy: number | null;
}

/**
 * A head of ten epochs on randomly flipped images: Graft's whole training, nothing cached before, against the usual PyTorch loop, which runs
 * every image through the frozen backbone in every epoch. Of PyTorch's equal epochs one is measured and multiplied.
 */
export async function measureFeatureLoop(folder: string, imageCount: number): Promise<void> {
  const imageFolder = path.join(folder, 'images');
  const images = [
    ...(await fashionImages(imageFolder, { split: 'training', count: imageCount })),
    ...(await fashionImages(imageFolder, { split: 'test', count: imageCount })),
  ];
  const python = await ensurePythonPeers();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const own = await trainGraft(folder, images);
    report('Graft', own);
    if (python === null) continue;
    const peer = await trainPyTorch({ python, folder, images, isJudged: round === 0 });
    report(`PyTorch's loop (${epochs} times one measured epoch, and an evaluation)`, peer);
    ratios.push(peer.seconds / own.seconds);
  }
  if (ratios.length === 0) return;
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(1));
  console.log(`feature-extraction-loop: PyTorch's loop takes ${least} to ${most} times Graft's time`);
}

async function trainGraft(folder: string, images: readonly JobImage[]): Promise<Measured> {
  const job = await makeBenchJob({
    ...{
      mode: 'feature-extraction',
      name: 'feature-extraction-loop',
      folder,
      images,
      change: { epochs },
      runtime: null,
    },
    pipeline: classicPipeline(benchPipelineId, 'Classic'),
    classNames: fashionClassNames,
  });
  const { seconds } = await runTrainer(job);
  return { seconds, accuracy: (await judgeRun(job)).accuracy };
}

interface Loop {
  readonly python: string;
  readonly folder: string;
  readonly images: readonly JobImage[];
  /** Whether the head is trained for all epochs. */
  readonly isJudged: boolean;
}

async function trainPyTorch({ python, folder, images, isJudged }: Loop): Promise<Measured> {
  const list = path.join(folder, 'images.json');
  await writeFile(list, JSON.stringify(images));
  const judgedEpochs = String(isJudged ? epochs : 0);
  const args = [program, benchBackboneFolder, list, String(mathThreadCount()), judgedEpochs];
  const { stdout } = await promisify(execFile)(python, args);
  const { epochSeconds, evaluationSeconds, accuracy } = v.parse(answerSchema, JSON.parse(stdout));
  return { seconds: epochSeconds * epochs + evaluationSeconds, accuracy: accuracy ?? null };
}

function report(name: string, { seconds, accuracy }: Measured): void {
  const right = accuracy === null ? '' : `, ${(accuracy * 100).toFixed(1)} % of test images right`;
  console.log(`feature-extraction-loop: ${name} ${seconds.toFixed(1)} s${right}`);
}
