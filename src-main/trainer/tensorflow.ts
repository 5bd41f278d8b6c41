import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Tfjs from '@tensorflow/tfjs';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { markInUseSync } from '../runtime/runtime-use.ts';
import type { TensorFlowRuntime } from '../runtime/runtime.ts';

/** One array in the engine. */
export type Tensor = Tfjs.Tensor;

/** TensorFlow.js on one of its engines: arrays, and arithmetic with them. */
export interface TensorFlow {
  readonly tf: typeof Tfjs;
  /** Name, version and device of the engine. */
  readonly name: string;
}

/** TensorFlow's own library, loaded into this process; its operations can also be called by their names. */
export interface NativeTensorFlow extends TensorFlow {
  readonly backend: NodeJSKernelBackend;
  readonly version: string;
}

export interface LoadOptions {
  /** Threads that one operation may use. */
  readonly threadCount: number;
}

let loaded: NativeTensorFlow | undefined;

/** Loads TensorFlow once per process; later calls return the same. Only a trainer process does this: operations block. */
export function loadTensorFlow(runtime: TensorFlowRuntime, options: LoadOptions): NativeTensorFlow {
  if (loaded) {
    // Another engine may have been in use since, in a process that does several jobs.
    void loaded.tf.setBackend('tensorflow');
    return loaded;
  }
  limitThreads(options.threadCount);
  restoreUtilFunctions();
  markInUseSync(runtime.folder);
  try {
    const tf = requireModule('@tensorflow/tfjs') as typeof Tfjs;
    const { NodeJSKernelBackend: Backend } = requireModule(
      path.join(runtime.packageRoot, 'dist', 'nodejs_kernel_backend'),
    ) as BackendModule;
    requireModule(path.join(runtime.packageRoot, 'dist', 'register_all_kernels'));
    const backend = new Backend(requireModule(runtime.bindingPath), '@tensorflow/tfjs-node-gpu');
    tf.registerBackend('tensorflow', () => backend);
    // The promise is for backends that start in the background; this one is in place when the call returns.
    void tf.setBackend('tensorflow');
    if (tf.getBackend() !== 'tensorflow') throw new Error('The backend refused to start');
    loaded = { tf, backend, version: runtime.version, name: `TensorFlow ${runtime.version} (${runtime.kind})` };
    return loaded;
  } catch (error) {
    throw new AppError('runtime-missing', 'TensorFlow does not load. "graft doctor" says what was found.', {
      cause: error,
    });
  }
}

interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: unknown, packageName: string) => NodeJSKernelBackend;
}

/**
 * Loads a CommonJS module or a native one. The package's own entry cannot be imported: it throws unless the binding lies inside the
 * package. Its parts share one copy of @tensorflow/tfjs, which must therefore come through the same door.
 */
function requireModule(id: string): unknown {
  return createRequire(import.meta.url)(id);
}

/** TensorFlow reads these once, when its libraries start. */
function limitThreads(threadCount: number): void {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threadCount);
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
  process.env['OMP_NUM_THREADS'] ??= String(threadCount);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Without this TensorFlow takes all memory of a graphics card, also from the screen and from other programs.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
}

/** tfjs-node 4.22 calls two functions that Node 23 removed (fixed upstream, not released). */
function restoreUtilFunctions(): void {
  const util = requireModule('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
