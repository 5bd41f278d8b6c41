import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FeatureService } from './feature-service.ts';

/** Answers the commands about features. */
export function createFeatureHandlers(
  features: FeatureService,
): Pick<Handlers, 'features.get' | 'features.start' | 'features.pause'> {
  return {
    'features.get': ({ projectId }) => features.status(projectId),
    'features.start': ({ projectId, backbone }) => features.start(projectId, backbone),
    'features.pause': ({ projectId }) => features.pause(projectId),
  };
}
