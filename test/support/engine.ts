import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import { loadTensorFlow, type TensorFlow } from '../../src-main/trainer/tensorflow.ts';

/** The real engine in this process; installed on first use. */
export async function openTensorFlow(): Promise<TensorFlow> {
  return loadTensorFlow(await ensureTensorFlowRuntime(), { threadCount: 2 });
}
