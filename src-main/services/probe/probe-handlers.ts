import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { ProbeService } from './probe-service.ts';

/** Answers the commands of probes. */
export function createProbeHandlers(
  probes: ProbeService,
): Pick<Handlers, 'probe.findLearningRate' | 'probe.estimate' | 'probe.checkSafety' | 'probe.cancel'> {
  return {
    'probe.findLearningRate': ({ projectId, recipe }) => probes.start('learning-rate', projectId, recipe),
    'probe.estimate': ({ projectId, recipe }) => probes.start('cost', projectId, recipe),
    'probe.checkSafety': (input) => probes.checkSafety(input),
    'probe.cancel': ({ jobId }) => {
      probes.cancel(jobId);
      return { done: true };
    },
  };
}
