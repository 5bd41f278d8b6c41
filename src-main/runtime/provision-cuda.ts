import { say } from '../../src-shared/domain/sentence.ts';
import { cudaSetupForCard, proveCard } from './cuda-runtime.ts';
import { ensureInstalled } from './provision.ts';
import type { EnsureOptions } from './runtime-setup.ts';
import type { TensorFlowRuntime } from './runtime.ts';

/**
 * Returns the TensorFlow runtime for this machine's NVIDIA card; downloads it where it is missing and has the card compute with it.
 *
 * Only for a person who asked for it: it is gigabytes. AppError unsupported says why the card cannot be used; what was installed then stays,
 * the processor trains, and asking again checks again. Otherwise as `ensureTensorFlowRuntime`.
 */
export async function installCudaRuntime(options: EnsureOptions = {}): Promise<TensorFlowRuntime> {
  const { setup, card } = await cudaSetupForCard(options);
  const runtime = await ensureInstalled(setup, options.onProgress);
  options.onProgress?.({ stage: 'checking', value: 1, words: say('installCheckingCard', { card: card.name }) });
  await proveCard(card, runtime, setup);
  return runtime;
}
