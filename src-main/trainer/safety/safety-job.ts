import { say } from '../../../src-shared/domain/sentence.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { argmax } from '../../../src-shared/lib/argmax.ts';
import { applyPipeline } from '../../imaging/apply-pipeline.ts';
import { decodeImage } from '../../imaging/decode.ts';
import { resize } from '../../imaging/kernels/resize.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { tensorsOf } from '../../imaging/step.ts';
import type { SafetyJob } from '../../jobs/trainer-protocol.ts';
import { chooseFrozenEngine } from '../executors/frozen-engine.ts';
import type { InferenceExecutor } from '../executors/executor.ts';
import { inferRows } from '../infer-rows.ts';
import type { JobLink } from '../job-link.ts';
import { loadModel } from '../load-model.ts';
import { prefetch } from '../prefetch.ts';

/** A picture that is larger is scaled down first, to this many times the network's side: each is run through some thirty lists. */
const enoughSides = 2;
/** The next picture is made while the network judges this one. */
const picturesAhead = 2;

/** Judges every image as each list of steps makes it, and says image by image which classes the run's model sees. */
export async function checkSafety(job: SafetyJob, link: JobLink): Promise<void> {
  const model = await loadModel(job.runFolder, say('runHasNoModel'));
  const executor = (await chooseFrozenEngine(job.runtime)).open(model);
  const lists = job.trials.map((steps) => resolveSteps(steps, job.backbone));
  const side = job.backbone.inputSize;
  try {
    for await (const { imageId, inputs } of prefetch(job.images, picturesAhead, async (image) => ({
      imageId: image.imageId,
      inputs: makeInputs(shrink(await decodeImage(image.path), side * enoughSides), {
        lists,
        seed: image.imageId,
        side,
      }),
    }))) {
      link.send({ type: 'trials-judged', imageId, predicted: await judge(executor, inputs) });
      await link.breathe();
      if (link.stopReason()) return;
    }
    link.send({ type: 'safety-checked' });
  } finally {
    executor.dispose();
  }
}

function shrink(image: RgbImage, shorterSide: number): RgbImage {
  const factor = shorterSide / Math.min(image.width, image.height);
  if (factor >= 1) return image;
  const scaled = (length: number): number => Math.max(1, Math.round(length * factor));
  return resize(image, { width: scaled(image.width), height: scaled(image.height) }, 'bilinear');
}

/** The network's input as each list makes it; null where a list cannot run on this picture. */
function makeInputs(
  image: RgbImage,
  {
    lists,
    seed,
    side,
  }: { readonly lists: readonly (readonly ResolvedStep[])[]; readonly seed: string; readonly side: number },
): readonly (Float32Array | null)[] {
  return lists.map((steps) => {
    try {
      // Lists of training make one view each.
      const [tensor] = tensorsOf(applyPipeline(image, steps, seed));
      return tensor?.data.length === side * side * 3 ? tensor.data : null;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  });
}

/** Index of the likeliest class for each input. */
async function judge(
  executor: InferenceExecutor,
  inputs: readonly (Float32Array | null)[],
): Promise<readonly (number | null)[]> {
  const made = inputs.filter((input) => input !== null);
  const rows = (await inferRows(executor, made)).values();
  return inputs.map((input) => (input === null ? null : argmax(rows.next().value ?? [])));
}
