import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { leastMapped, type MapStatus } from '../../../src-shared/domain/image-map.ts';
import { say, textOf, type Sentence } from '../../../src-shared/domain/sentence.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import type { ProcessStarter } from '../../core/ports.ts';
import { FeatureReader } from '../../storage/feature-reader.ts';
import type { FeatureService } from '../features/feature-service.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import { startTrainerSession, type TrainerSession } from '../run/trainer-session.ts';

export interface ProjectMapDeps {
  readonly project: ProjectContext;
  readonly features: Pick<FeatureService, 'place' | 'status'>;
  readonly processStarter: ProcessStarter;
  readonly tell: (map: MapStatus) => void;
}

/** An image on the map. */
interface MapPlace {
  readonly imageId: ImageId;
  readonly x: number;
  readonly y: number;
}

/** Drawing keeps nothing half done. */
const stopPatienceMs = 3_000;
/** Another way of drawing is another folder: maps of the way before are not mixed with it. */
const way = 'umap-1';

/** The map of one project: draws it in a process of its own, and reads the one that was drawn. */
export class ProjectMap {
  readonly #deps: ProjectMapDeps;
  readonly #turns = new InTurn();
  #session: TrainerSession | null = null;
  #progress: Pick<MapStatus, 'stage' | 'value'> = { stage: null, value: null };
  #reason: Sentence | null = null;
  #version = 1;
  /** Counted once for each map. */
  #placed: { readonly version: number; readonly folder: string | null; readonly count: number } | null = null;
  #last: MapStatus | null = null;

  constructor(deps: ProjectMapDeps) {
    this.#deps = deps;
  }

  async status(): Promise<MapStatus> {
    const { project, features } = this.#deps;
    const { backbone, done } = await features.status(project.id);
    const placed = await this.#countPlaced();
    const rest = placed === 0 ? 'none' : 'ready';
    this.#last = {
      ...{ projectId: project.id, version: this.#version, backbone, placed, features: done },
      ...{ state: this.#session ? 'drawing' : this.#reason ? 'failed' : rest, ...this.#progress, reason: this.#reason },
    };
    return this.#last;
  }

  /** Begins to draw, or goes on where one is drawn already. AppError read-only. */
  async draw(): Promise<MapStatus> {
    this.#deps.project.assertWritable();
    await this.#turns.do(async () => {
      if (!this.#session) await this.#start();
    });
    return this.status();
  }

  /** Resolves when nothing is drawn any more; what begins just now is waited for, and stopped. */
  async cancel(): Promise<MapStatus> {
    return this.#turns.do(async () => {
      const session = this.#session;
      this.#session = null;
      session?.cancel(stopPatienceMs);
      await session?.ended;
      return this.#settle(null);
    });
  }

  /** The places of the latest map; none before one was drawn. */
  async places(): Promise<{ readonly version: number; readonly places: readonly MapPlace[] }> {
    // Before it is read: a map that is drawn meanwhile must be asked for again.
    const version = this.#version;
    const folder = await this.#folder();
    const reader = new FeatureReader(folder ?? '', 2);
    try {
      if (folder !== null) await reader.refresh();
      const places: MapPlace[] = [];
      for await (const block of reader.blocks()) {
        for (const { imageId, row } of block) places.push({ imageId, x: row[0] ?? 0, y: row[1] ?? 0 });
      }
      return { version, places };
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    await this.cancel();
  }

  /** Whether it is the map of a project as it is open now: one that was opened again has another database, and may be written. */
  isOf(project: ProjectContext): boolean {
    return this.#deps.project === project;
  }

  async #countPlaced(): Promise<number> {
    const [version, folder] = [this.#version, await this.#folder()];
    if (this.#placed?.version !== version || this.#placed.folder !== folder) {
      this.#placed = { version, folder, count: (await this.places()).places.length };
    }
    return this.#placed.count;
  }

  /** Null as long as there are no features. */
  async #folder(): Promise<string | null> {
    const { features, project } = this.#deps;
    const place = await features.place(project.id);
    return place && path.join(project.paths.cache, 'maps', way, place.set);
  }

  async #start(): Promise<void> {
    const { features, project, processStarter } = this.#deps;
    const [place, mapFolder] = [await features.place(project.id), await this.#folder()];
    if (!place || mapFolder === null) {
      this.#reason = say('mapTooFew', { least: leastMapped });
      return;
    }
    await mkdir(mapFolder, { recursive: true });
    const session = startTrainerSession({
      starter: processStarter,
      job: {
        ...{ kind: 'feature-map', setFolder: place.folder, rowLength: place.rowLength, mapFolder, runtime: null },
        imageIds: project.database.dataset.imageFiles().map(({ id }) => id),
      },
      onMessage: (message) => {
        if (message.type !== 'map-progress' || this.#session !== session) return;
        this.#progress = { stage: message.stage, value: message.value };
        if (this.#last) this.#deps.tell({ ...this.#last, state: 'drawing', ...this.#progress });
      },
    });
    this.#session = session;
    this.#reason = null;
    this.#progress = { stage: 'neighbours', value: 0 };
    void session.ended.then((outcome) => {
      if (this.#session !== session) return;
      this.#session = null;
      if (outcome.kind === 'done') {
        this.#version += 1;
        return this.#settle(null);
      }
      return this.#settle(
        outcome.kind === 'failed' ? outcome.error.message : say('mapLost', { what: textOf(outcome.reason) }),
      );
    });
  }

  async #settle(reason: Sentence | null): Promise<MapStatus> {
    this.#reason = reason;
    this.#progress = { stage: null, value: null };
    return this.#tell();
  }

  async #tell(): Promise<MapStatus> {
    const status = await this.status();
    this.#deps.tell(status);
    return status;
  }
}
