import type { PipelineOrigin } from '../../src-shared/contract/pipeline.contract.ts';
import type { BackboneName, BackboneRecord } from '../../src-shared/domain/backbone.ts';
import type { PipelineId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';
import { PipelineEditor } from './pipeline-editor.svelte.ts';
import type { UnsavedChanges } from './unsaved-changes.svelte.ts';

const longestName = 80;

export interface PipelineListParts {
  readonly client: PageClient;
  readonly projectId: ProjectId;
  readonly report: ReportError;
  readonly unsaved: UnsavedChanges;
  /** What a version is called that has to be kept beside another window's. */
  readonly nameKept: (name: string) => string;
  /** Hears that it was. */
  readonly onkept: (kept: { readonly name: string; readonly as: string }) => void;
}

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
  readonly #unsaved: UnsavedChanges;
  readonly #nameKept: PipelineListParts['nameKept'];
  readonly #onkept: PipelineListParts['onkept'];
  readonly #editors = new Map<PipelineId, PipelineEditor>();
  /** An answer to a question that was asked before the latest save is out of date. */
  #turn = 0;

  constructor({ client, projectId, report, unsaved, nameKept, onkept }: PipelineListParts) {
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
    this.#unsaved = unsaved;
    this.#nameKept = nameKept;
    this.#onkept = onkept;
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
    return () => {
      stops.forEach((stop) => stop());
      for (const [id, editor] of [...this.#editors]) {
        // Nobody answers any more which version counts: both stay.
        if (editor.theirs) void this.#keepBeside(editor.pipeline);
        this.#forget(id);
      }
    };
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

  /** The one editor of a pipeline in this window: it outlives its page, and with it what can be undone and what is not saved. */
  edit(pipeline: Pipeline): PipelineEditor {
    const known = this.#editors.get(pipeline.id);
    if (known) return known;
    const made = outlivingPages(
      () => new PipelineEditor(pipeline, { save: (changed) => this.save(changed), fail: this.#report }),
    );
    this.#editors.set(pipeline.id, made);
    this.#unsaved.follow(made);
    return made;
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

  async create(name: string, from: PipelineOrigin): Promise<Pipeline> {
    const created = await this.#client.call('pipeline.create', { projectId: this.#projectId, name, from });
    await this.load();
    return created;
  }

  async remove(pipelineId: PipelineId): Promise<void> {
    await this.#client.call('pipeline.delete', { projectId: this.#projectId, pipelineId });
    this.#forget(pipelineId);
    await this.load();
  }

  async #keepBeside({ name, training, evaluation }: Pipeline): Promise<void> {
    const kept = this.#nameKept(name).slice(0, longestName);
    try {
      const from = { type: 'lists', training, evaluation } as const;
      await this.#client.call('pipeline.create', { projectId: this.#projectId, name: kept, from });
      this.#onkept({ name, as: kept });
    } catch (error) {
      this.#report(error);
    }
  }

  #forget(pipelineId: PipelineId): void {
    const editor = this.#editors.get(pipelineId);
    if (editor) this.#unsaved.unfollow(editor);
    this.#editors.delete(pipelineId);
  }
}

/** What a component makes derives nothing any more once the component is gone; a root of its own stays. */
function outlivingPages<Made>(make: () => Made): Made {
  const made: { value?: Made } = {};
  $effect.root(() => {
    made.value = make();
  });
  if (!('value' in made)) throw new Error('A root runs at once');
  return made.value;
}
