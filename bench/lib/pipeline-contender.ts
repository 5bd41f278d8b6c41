/** Graft's side of `pipelines`: the protocol of `contender.ts`, run as a program with a file that holds a `PipelineWork`. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import * as v from 'valibot';
import type { ImageTask } from '../../src-main/imaging/pipeline-messages.ts';
import { createPipelinePool } from '../../src-main/imaging/pipeline-pool.ts';
import { imageIdSchema } from '../../src-shared/domain/ids.ts';
import { pipelineWorkSchema, stepsOf } from './pipeline-work.ts';
import { serveSteps } from './serve-steps.ts';

const batchSize = 32;
const imageLength = 224 * 224 * 3;

const work = v.parse(pipelineWorkSchema, JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const images = await Promise.all(work.files.map(nameImage));
const steps = stepsOf(work.pipeline);
const pool = createPipelinePool({ workerCount: 1 });
const batch = new Float32Array(batchSize * imageLength);
let seen = 0;
await serveSteps(runPass, work.warmUpSteps);
await pool.close();

/** As in a training, the threads have the next batch while one is put together. */
async function runPass(): Promise<void> {
  if (work.epoch === 'first') await rm(work.folder, { recursive: true, force: true });
  await mkdir(work.folder, { recursive: true });
  const tasks = Array.from({ length: work.imagesPerStep }, nextTask);
  let next = runBatch(tasks, 0);
  for (let start = 0; start < tasks.length; start += batchSize) {
    const results = await next;
    next = runBatch(tasks, start + batchSize);
    for (const [index, result] of results.entries()) {
      if (result.status === 'failed') throw new Error(`${result.path}: ${JSON.stringify(result.error)}`);
      batch.set(result.data, index * imageLength);
    }
    pool.giveBack(results);
  }
}

function runBatch(tasks: readonly ImageTask[], start: number): ReturnType<typeof pool.run> {
  return pool.run(steps, tasks.slice(start, start + batchSize), { folder: work.folder, mayWrite: true });
}

async function nameImage(path: string): Promise<Omit<ImageTask, 'seed'>> {
  const hash = createHash('sha256').update(await readFile(path));
  return { path, imageId: v.parse(imageIdSchema, hash.digest('hex')) };
}

/** The next image of the list, over and over, each time with another seed. */
function nextTask(): ImageTask {
  const image = images[seen % images.length];
  if (!image) throw new Error('No images');
  seen += 1;
  return { ...image, seed: seen };
}
