import sharp from 'sharp';
import { attachHead, featuresLayerName } from '../../src-main/network/attach-head.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { inputLayer } from '../../src-main/network/network.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { loadTensorFlow } from '../../src-main/trainer/tensorflow.ts';

/** A photo of exactly the network's input size, and the pooled features that the reference computes for it. */
export interface ReferencePhoto {
  readonly file: string;
  readonly features: readonly number[];
}

/** The largest difference of any feature, and the same as a share of the largest feature. */
export interface FeatureDifference {
  readonly absolute: number;
  readonly relative: number;
}

/** Runs a backbone on reference photos and compares its pooled features with the reference's. */
export async function largestDifference(
  backbone: WeightedNetwork,
  photos: readonly ReferencePhoto[],
): Promise<FeatureDifference> {
  const tensorFlow = loadTensorFlow(await ensureTensorFlowRuntime(), { threadCount: 2 });
  const model = attachHead(backbone, { classCount: 2, seed: 0 });
  const executor = createTensorFlowExecutor(tensorFlow, model);
  const from = inputLayer(model.network).name;
  let worst: FeatureDifference = { absolute: 0, relative: 0 };
  for (const photo of photos) {
    const features = await executor.infer({
      from,
      to: featuresLayerName,
      count: 1,
      values: await readPixels(photo.file),
    });
    const absolute = Math.max(
      ...photo.features.map((expected, index) => Math.abs(expected - (features[index] ?? NaN))),
    );
    worst = {
      absolute: Math.max(worst.absolute, absolute),
      relative: Math.max(worst.relative, absolute / Math.max(...photo.features)),
    };
  }
  executor.dispose();
  return worst;
}

/** (x − 127) / 128 for the pixels of an RGB image, row by row. */
async function readPixels(file: string): Promise<Float32Array> {
  const pixels = await sharp(file).removeAlpha().raw().toBuffer();
  return Float32Array.from(pixels, (value) => (value - 127) / 128);
}
