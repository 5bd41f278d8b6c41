import type { BackboneName, BackboneRecord } from '../../src-shared/domain/backbone.ts';
import type { PipelineId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';

/** The saved pipelines of a project and the backbones that they can be for. */
export class PipelineList {
  pipelines: readonly Pipeline[] = $state.raw([]);
  backbones: readonly BackboneRecord[] = $state.raw([]);
  isLoaded = $state(false);
  /** Saves that core has not confirmed yet. */
  pending = $state(0);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #report: ReportError;
  /** An answer to a question that was asked before the latest save is out of date. */
  #turn = 0;

  constructor(client: PageClient, projectId: ProjectId, report: ReportError) {
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
  }

  start(): () => void {
    const reload = (): void => {
      if (this.pending === 0) void this.load().catch(this.#report);
    };
    const stops = [
      this.#client.on('pipeline.changed', ({ projectId }) => {
        if (projectId === this.#projectId) reload();
      }),
      this.#client.on('backbone.listChanged', reload),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const [{ pipelines }, { backbones }] = await Promise.all([
      this.#client.call('pipeline.list', { projectId: this.#projectId }),
      this.#client.call('backbone.list', {}),
    ]);
    if (turn !== this.#turn) return;
    this.pipelines = pipelines;
    this.backbones = backbones;
    this.isLoaded = true;
  }

  find(id: string | null | undefined): Pipeline | undefined {
    return this.pipelines.find((pipeline) => pipeline.id === id);
  }

  /** The one that the pipelines' page shows when its address names this one, or none. */
  shown(id: string | null | undefined): Pipeline | undefined {
    return this.find(id) ?? this.pipelines[0];
  }

  findBackbone(name: BackboneName): BackboneRecord | undefined {
    return this.backbones.find((backbone) => backbone.name === name);
  }

  /** What people call it; its name where it is no longer there. */
  backboneTitle(name: BackboneName): string {
    return this.findBackbone(name)?.title ?? name;
  }

  async save(pipeline: Pipeline): Promise<void> {
    this.pipelines = this.pipelines.map((other) => (other.id === pipeline.id ? pipeline : other));
    this.pending += 1;
    this.#turn += 1;
    try {
      await this.#client.call('pipeline.save', { projectId: this.#projectId, pipeline });
    } finally {
      this.pending -= 1;
      // Others may have saved meanwhile, and what is shown may not be what could be saved.
      if (this.pending === 0) void this.load().catch(this.#report);
    }
  }

  /** The classic list under a new name, or a copy of another pipeline. */
  async create(name: string, copyOf: PipelineId | null): Promise<Pipeline> {
    const created = await this.#client.call('pipeline.create', { projectId: this.#projectId, name, copyOf });
    await this.load();
    return created;
  }

  async remove(pipelineId: PipelineId): Promise<void> {
    await this.#client.call('pipeline.delete', { projectId: this.#projectId, pipelineId });
    await this.load();
  }
}
