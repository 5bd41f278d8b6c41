import { isActiveStatus } from '../../src-shared/domain/run.ts';
import { FeatureService, type FeatureServiceDeps } from '../services/features/feature-service.ts';
import type { RunService } from '../services/run/run-service.ts';
import type { EventSource } from './event-hub.ts';

interface AssistParts extends Omit<FeatureServiceDeps, 'isTraining'> {
  readonly runs: () => RunService;
}

/** Builds what helps with labelling. */
export function composeAssist({ runs, ...parts }: AssistParts): { readonly features: FeatureService } {
  return { features: new FeatureService({ ...parts, isTraining: () => runs().isBusy() }) };
}

/** Lets it hear of what changes elsewhere. */
export function connectAssist(events: EventSource, { features }: ReturnType<typeof composeAssist>): void {
  events.on('dataset.changed', ({ projectId }) => features.datasetChanged(projectId));
  events.on('run.recordChanged', ({ record }) => {
    if (!isActiveStatus(record.status)) features.trainingEnded();
  });
}
