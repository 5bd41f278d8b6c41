import { isActiveStatus } from '../../src-shared/domain/run.ts';
import { FeatureService, type FeatureServiceDeps } from '../services/features/feature-service.ts';
import { MapService } from '../services/map/map-service.ts';
import type { RunService } from '../services/run/run-service.ts';
import { SuggestionService, type SuggestionServiceDeps } from '../services/suggestion/suggestion-service.ts';
import type { EventSource } from './event-hub.ts';

interface AssistParts extends Omit<FeatureServiceDeps, 'isTraining'>, Omit<SuggestionServiceDeps, 'features'> {
  readonly runs: () => RunService;
}

interface Assist {
  readonly features: FeatureService;
  readonly suggestions: SuggestionService;
  readonly maps: MapService;
}

/** Builds what helps with labelling. */
export function composeAssist({ runs, ...parts }: AssistParts): Assist {
  const features = new FeatureService({ ...parts, isTraining: () => runs().isBusy() });
  const suggestions = new SuggestionService({ ...parts, features });
  return { features, suggestions, maps: new MapService({ ...parts, features }) };
}

/** Lets it hear of what changes elsewhere. */
export function connectAssist(events: EventSource, { features, suggestions }: Omit<Assist, 'maps'>): void {
  events.on('dataset.changed', ({ projectId }) => {
    features.datasetChanged(projectId);
    suggestions.datasetChanged(projectId);
  });
  events.on('run.recordChanged', ({ record }) => {
    if (!isActiveStatus(record.status)) features.trainingEnded();
  });
}

/** Ends what computes and learns. */
export async function closeAssist({ features, suggestions, maps }: Assist): Promise<void> {
  await maps.close();
  await suggestions.close();
  await features.close();
}
