import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { mapContract } from '../../../src-shared/contract/map.contract.ts';
import type { MapService } from './map-service.ts';

/** Answers the commands about the map. */
export function createMapHandlers(maps: MapService): Pick<Handlers, keyof typeof mapContract> {
  return {
    'map.get': ({ projectId }) => maps.of(projectId).status(),
    'map.draw': ({ projectId }) => maps.of(projectId).draw(),
    'map.cancel': ({ projectId }) => maps.of(projectId).cancel(),
  };
}
