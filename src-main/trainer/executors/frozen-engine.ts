import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { WeightedNetwork } from '../../network/layers-model.ts';
import type { TensorFlowRuntime } from '../../runtime/runtime.ts';
import { loadOnnxRuntime, type OnnxRuntime } from '../onnx-runtime.ts';
import { loadTensorFlow } from '../tensorflow.ts';
import { mathThreadCount } from '../thread-count.ts';
import type { InferenceExecutor } from './executor.ts';
import { createOnnxExecutor } from './onnx-executor.ts';
import { createTensorFlowExecutor } from './tensorflow-executor.ts';

/** What runs networks that do not learn. The owner disposes of the executors that it opens. */
export interface FrozenEngine {
  /** Name, version and device, e.g. `ONNX Runtime 1.30.0 (cpu)`: its numbers are equal to the bit only to its own. */
  readonly name: string;
  /** Null where TensorFlow stands in. */
  readonly onnx: OnnxRuntime | null;
  open(model: WeightedNetwork): InferenceExecutor;
}

/** ONNX Runtime where it loads, because it is the faster one on a processor; else TensorFlow, if that is installed. */
export async function chooseFrozenEngine(
  runtime: TensorFlowRuntime | null,
  loadOnnx: typeof loadOnnxRuntime = loadOnnxRuntime,
): Promise<FrozenEngine> {
  const threadCount = mathThreadCount();
  const onnx = await loadOnnx();
  if (onnx) {
    return {
      name: `ONNX Runtime ${onnx.version} (${onnx.provider})`,
      onnx,
      open: (model) => createOnnxExecutor(onnx, model, { threadCount }),
    };
  }
  if (!runtime) throw new AppError('runtime-missing', say('trainingNeedsTensorFlow'));
  const tensorFlow = loadTensorFlow(runtime, { threadCount });
  return { name: tensorFlow.name, onnx: null, open: (model) => createTensorFlowExecutor(tensorFlow, model) };
}
