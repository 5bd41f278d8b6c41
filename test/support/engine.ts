import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import type { InferenceExecutor } from '../../src-main/trainer/executors/executor.ts';
import { createOnnxExecutor } from '../../src-main/trainer/executors/onnx-executor.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { loadOnnxRuntime } from '../../src-main/trainer/onnx-runtime.ts';
import { loadTensorFlow, type TensorFlow } from '../../src-main/trainer/tensorflow.ts';

/** The real engine in this process; installed on first use. */
export async function openTensorFlow(): Promise<TensorFlow> {
  return loadTensorFlow(await ensureTensorFlowRuntime(), { threadCount: 2 });
}

/** Opens a network on ONNX Runtime, which comes with npm's package. */
export async function openOnnx(model: WeightedNetwork): Promise<InferenceExecutor> {
  const runtime = await loadOnnxRuntime({});
  if (!runtime) throw new Error('onnxruntime-node has no program for this machine');
  return createOnnxExecutor(runtime, model, { threadCount: 2 });
}

/** Everything that runs a network forward; what holds for one holds for all. */
export const inferenceEngines: Readonly<Record<string, (model: WeightedNetwork) => Promise<InferenceExecutor>>> = {
  TensorFlow: async (model) => createTensorFlowExecutor(await openTensorFlow(), model),
  'ONNX Runtime': openOnnx,
};
