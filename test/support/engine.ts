import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import type { InferenceExecutor, TrainingExecutor } from '../../src-main/trainer/executors/executor.ts';
import { createOnnxExecutor } from '../../src-main/trainer/executors/onnx-executor.ts';
import { createOnnxHeadExecutor } from '../../src-main/trainer/executors/onnx-head-executor.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { loadOnnxRuntime } from '../../src-main/trainer/onnx-runtime.ts';
import { loadTensorMath } from '../../src-main/trainer/tensor-math.ts';
import { loadTensorFlow, type NativeTensorFlow, type TensorFlow } from '../../src-main/trainer/tensorflow.ts';

/** The real engine in this process; installed on first use. */
export async function openTensorFlow(): Promise<NativeTensorFlow> {
  return loadTensorFlow(await ensureTensorFlowRuntime(), { threadCount: 2 });
}

/** Opens a network on ONNX Runtime, which comes with npm's package. */
export async function openOnnx(model: WeightedNetwork): Promise<InferenceExecutor> {
  const runtime = await loadOnnxRuntime({});
  if (!runtime) throw new Error('onnxruntime-node has no program for this machine');
  return createOnnxExecutor(runtime, model, { threadCount: 2 });
}

/** A network whose head learns on ONNX Runtime, without TensorFlow's library. */
async function openOnnxHead(model: WeightedNetwork): Promise<OpenTraining> {
  const onnx = await loadOnnxRuntime({});
  if (!onnx) throw new Error('onnxruntime-node has no program for this machine');
  const tensorFlow = await loadTensorMath();
  const frozen = createOnnxExecutor(onnx, model, { threadCount: 2 });
  return { tensorFlow, executor: await createOnnxHeadExecutor(model, { onnx, tensorFlow, frozen }) };
}

async function openNative(model: WeightedNetwork): Promise<OpenTraining> {
  const tensorFlow = await openTensorFlow();
  return { tensorFlow, executor: createTensorFlowExecutor(tensorFlow, model) };
}

/** An executor, and what its optimizers work with. One at a time in a process: the latest opened one has the engine. */
export interface OpenTraining {
  readonly tensorFlow: TensorFlow;
  readonly executor: TrainingExecutor;
}

/** Everything that trains a head. */
export const headEngines: Readonly<Record<string, (model: WeightedNetwork) => Promise<OpenTraining>>> = {
  TensorFlow: openNative,
  'ONNX Runtime': openOnnxHead,
};

/** Everything that runs a network forward; what holds for one holds for all. */
export const inferenceEngines: Readonly<Record<string, (model: WeightedNetwork) => Promise<InferenceExecutor>>> = {
  TensorFlow: async (model) => createTensorFlowExecutor(await openTensorFlow(), model),
  'ONNX Runtime': openOnnx,
};
