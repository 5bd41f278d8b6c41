import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmAddress from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url&inline';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { parseModelFile } from '../model-file.ts';
import type { PageData } from '../page-data.ts';
import { toNetworkInput } from '../preprocessing.ts';
import { averageViews } from '../../../src-shared/lib/average-views.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';

/** The exported model, ready to judge pictures. */
export interface Classifier {
  /** One probability a class, in the order of the labels. */
  classify(image: RgbImage): Promise<Float32Array>;
}

/**
 * Loads the model that the page carries, as `tf.loadLayersModel` does from files.
 *
 * On WebAssembly, whose float32 arithmetic is the same on every machine; WebGL computes with half precision on some.
 */
export async function loadClassifier(data: PageData, weights: Uint8Array<ArrayBuffer>): Promise<Classifier> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmAddress,
    'tfjs-backend-wasm-simd.wasm': wasmAddress,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmAddress,
  });
  // Threads need a page with isolation headers, which a file has not.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('This browser cannot run WebAssembly with SIMD.');
  const { modelTopology, weightSpecs } = parseModelFile(data.modelJson);
  const model = await loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData: weights.buffer }));
  return { classify: (image) => classify(model, data, image) };
}

async function classify(model: LayersModel, { preprocessing }: PageData, image: RgbImage): Promise<Float32Array> {
  const { width, height } = preprocessing.input;
  const { viewCount, data } = toNetworkInput(image, preprocessing);
  const output = tf.tidy(() => {
    const result = model.predict(tf.tensor4d(data, [viewCount, height, width, 3]));
    if (Array.isArray(result)) throw new Error('Expected a model with one output');
    return result;
  });
  try {
    const probabilities = Float32Array.from(await output.data());
    return averageViews(probabilities, viewCount, probabilities.length / viewCount);
  } finally {
    output.dispose();
  }
}
