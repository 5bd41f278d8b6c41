import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import { mapHeadSchema } from '../../src-shared/contract/map.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { MapStatus } from '../../src-shared/domain/image-map.ts';
import { readColumnFrames } from '../client/dataset-frames.ts';
import type { PageClient } from '../client/page-client.ts';
import type { DatasetState } from './dataset-state.svelte.ts';
import { MappedImages } from './table/judged-images.ts';

/** The map of the open project's images. */
export class ImageMap {
  status: MapStatus | null = $state.raw(null);
  /** Of the latest map that was asked for. */
  places: MappedImages | null = $state.raw(null);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #dataset: DatasetState;

  constructor(client: PageClient, projectId: ProjectId, dataset: DatasetState) {
    this.#client = client;
    this.#projectId = projectId;
    this.#dataset = dataset;
    // Rows mean other images then.
    dataset.onReplaced(() => {
      this.places = null;
    });
  }

  start(): () => void {
    return this.#client.on('map.changed', ({ map }) => {
      if (map.projectId === this.#projectId) this.status = map;
    });
  }

  async load(): Promise<void> {
    this.status = await this.#client.call('map.get', { projectId: this.#projectId });
  }

  async loadPlaces(): Promise<void> {
    const { table } = this.#dataset;
    let places: MappedImages | null = null;
    const bytes = await this.#client.openBytes(byteRoutes.map(this.#projectId));
    for await (const frame of readColumnFrames(bytes, mapHeadSchema)) {
      if (frame.kind === 'head') places = new MappedImages(frame.head);
      else places?.put(table, frame.block);
    }
    if (table === this.#dataset.table) this.places = places;
    // Its rows mean other images by now.
    else await this.loadPlaces();
  }

  async draw(): Promise<void> {
    this.status = await this.#client.call('map.draw', { projectId: this.#projectId });
  }

  async cancel(): Promise<void> {
    this.status = await this.#client.call('map.cancel', { projectId: this.#projectId });
  }
}
