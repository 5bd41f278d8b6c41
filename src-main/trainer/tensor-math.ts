import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Tfjs from '@tensorflow/tfjs';
import type * as TfjsWasm from '@tensorflow/tfjs-backend-wasm';
import type { TensorFlow } from './tensorflow.ts';

let loading: Promise<TensorFlow> | undefined;

/** TensorFlow.js on WebAssembly: comes with npm's packages and runs everywhere, one thread. Enough for the weights of a head. */
export async function loadTensorMath(): Promise<TensorFlow> {
  loading ??= load();
  const loaded = await loading;
  // Another engine may have been in use since, in a process that does several jobs.
  await loaded.tf.setBackend('wasm');
  return loaded;
}

async function load(): Promise<TensorFlow> {
  // One copy of tfjs in the process, through the same door as TensorFlow's own kernels.
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs') as typeof Tfjs;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof TfjsWasm;
  const folder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  wasm.setWasmPaths(`${path.join(folder, 'dist')}${path.sep}`);
  wasm.setThreadsCount(1);
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js does not start on WebAssembly');
  return { tf, name: `TensorFlow.js ${tf.version.tfjs} (wasm)` };
}
