import type { WeightedNetwork } from '../../network/layers-model.ts';
import type { TensorFlowRuntime } from '../../runtime/runtime.ts';
import { loadOnnxRuntime } from '../onnx-runtime.ts';
import { loadTensorFlow } from '../tensorflow.ts';
import { mathThreadCount } from '../thread-count.ts';
import type { InferenceExecutor } from './executor.ts';
import { createOnnxExecutor } from './onnx-executor.ts';
import { createTensorFlowExecutor } from './tensorflow-executor.ts';

/** What runs networks that do not learn. The owner disposes of the executors that it opens. */
export interface FrozenEngine {
  /** Name, version and device, e.g. `ONNX Runtime 1.30.0 (cpu)`: its numbers are equal to the bit only to its own. */
  readonly name: string;
  open(model: WeightedNetwork): InferenceExecutor;
}

/** ONNX Runtime where it loads, because it is three times as fast on a processor; else TensorFlow. */
export async function chooseFrozenEngine(
  runtime: TensorFlowRuntime,
  loadOnnx: typeof loadOnnxRuntime = loadOnnxRuntime,
): Promise<FrozenEngine> {
  const threadCount = mathThreadCount();
  const onnx = await loadOnnx();
  if (onnx) {
    return {
      name: `ONNX Runtime ${onnx.version} (${onnx.provider})`,
      open: (model) => createOnnxExecutor(onnx, model, { threadCount }),
    };
  }
  const tensorFlow = loadTensorFlow(runtime, { threadCount });
  return {
    name: `TensorFlow ${tensorFlow.version} (${runtime.kind})`,
    open: (model) => createTensorFlowExecutor(tensorFlow, model),
  };
}
