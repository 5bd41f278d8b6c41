import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { TrainingMode } from '../../../src-shared/domain/recipe/recipe.ts';
import type { WeightedNetwork } from '../../network/layers-model.ts';
import type { TensorFlowRuntime } from '../../runtime/runtime.ts';
import { loadTensorFlow, type TensorFlow } from '../tensorflow.ts';
import { loadTensorMath } from '../tensor-math.ts';
import { mathThreadCount } from '../thread-count.ts';
import type { InferenceExecutor, TrainingExecutor } from './executor.ts';
import { chooseFrozenEngine } from './frozen-engine.ts';
import { createOnnxHeadExecutor } from './onnx-head-executor.ts';
import { createTensorFlowExecutor } from './tensorflow-executor.ts';

/** What one training computes with. */
export interface TrainingEngine {
  /** For optimizers, which work on the executor's variables. */
  readonly tensorFlow: TensorFlow;
  readonly executor: TrainingExecutor;
  /** The network before anything has learned. */
  readonly frozen: InferenceExecutor;
  /** Names and versions of what trains and of what runs `frozen`. */
  readonly names: { readonly training: string; readonly features: string };
  dispose(): void;
}

/**
 * A head is trained on ONNX Runtime, which takes a third of TensorFlow's time for such small products and is always at hand; everything
 * else on TensorFlow. Rejects with AppError runtime-missing where what is needed is not there.
 */
export async function openTrainingEngine(
  mode: TrainingMode,
  runtime: TensorFlowRuntime | null,
  model: WeightedNetwork,
): Promise<TrainingEngine> {
  const engine = await chooseFrozenEngine(runtime);
  const frozen = engine.open(model);
  const { tensorFlow, executor, name } = await openExecutor(mode, runtime, model);
  return {
    tensorFlow,
    executor,
    frozen,
    names: { training: name, features: engine.name },
    dispose() {
      executor.dispose();
      frozen.dispose();
    },
  };

  async function openExecutor(
    ofMode: TrainingMode,
    installed: TensorFlowRuntime | null,
    initial: WeightedNetwork,
  ): Promise<{ tensorFlow: TensorFlow; executor: TrainingExecutor; name: string }> {
    if (ofMode === 'feature-extraction' && engine.onnx) {
      const math = await loadTensorMath();
      const head = await createOnnxHeadExecutor(initial, { onnx: engine.onnx, tensorFlow: math, frozen });
      return { tensorFlow: math, executor: head, name: engine.name };
    }
    if (!installed) throw new AppError('runtime-missing', say('trainingNeedsTensorFlow'));
    const native = loadTensorFlow(installed, { threadCount: mathThreadCount() });
    return { tensorFlow: native, executor: createTensorFlowExecutor(native, initial), name: native.name };
  }
}
