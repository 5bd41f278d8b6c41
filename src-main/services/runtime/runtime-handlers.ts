import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { RuntimeService } from './runtime-service.ts';

/** Answers the commands of the TensorFlow runtime. */
export function createRuntimeHandlers(
  runtime: RuntimeService,
): Pick<Handlers, 'runtime.describe' | 'runtime.measureCache' | 'runtime.install' | 'runtime.cancel'> {
  return {
    'runtime.describe': () => runtime.describe(),
    'runtime.measureCache': () => runtime.measureCache(),
    'runtime.install': ({ device }) => runtime.install(device),
    'runtime.cancel': () => {
      runtime.cancel();
      return { done: true };
    },
  };
}
