import { createContext } from 'svelte';
import type { OpenProject } from '../../src-shared/contract/project.contract.ts';
import type { PageClient } from '../client/page-client.ts';
import { DatasetState } from './dataset-state.svelte.ts';
import type { ReportError } from './handle-error.ts';
import type { I18n } from './i18n.svelte.ts';
import { ImageMap } from './image-map.svelte.ts';
import { ImagesView } from './images-view.svelte.ts';
import { ImportList } from './import-list.svelte.ts';
import { ModelView } from './model-view.svelte.ts';
import { NewFiles } from './new-files.svelte.ts';
import { PipelineList } from './pipeline-list.svelte.ts';
import type { Router } from './router.svelte.ts';
import { SavedViews } from './saved-views.svelte.ts';
import { RunList } from './run-list.svelte.ts';
import { SnapshotList } from './snapshot-list.svelte.ts';
import { Suggestions } from './suggestions.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import type { UnsavedChanges } from './unsaved-changes.svelte.ts';

interface SessionParts {
  readonly client: PageClient;
  readonly router: Router;
  readonly i18n: I18n;
  readonly report: ReportError;
  readonly unsaved: UnsavedChanges;
  readonly toasts: Toasts;
}

/** An open project and what the page knows of it, by `getProject()` below the project's shell. */
export class ProjectSession {
  project: OpenProject;
  readonly dataset: DatasetState;
  readonly imports: ImportList;
  readonly newFiles: NewFiles;
  readonly runs: RunList;
  readonly pipelines: PipelineList;
  readonly snapshots: SnapshotList;
  readonly suggestions: Suggestions;
  readonly model: ModelView;
  readonly map: ImageMap;
  readonly view: ImagesView;
  readonly views: SavedViews;
  readonly #client: PageClient;
  readonly #report: ReportError;

  constructor(project: OpenProject, parts: SessionParts) {
    const { client, report, unsaved, toasts } = parts;
    const { t } = parts.i18n;
    this.#client = client;
    this.#report = report;
    this.project = $state.raw(project);
    this.dataset = new DatasetState({ client, projectId: project.id, labelling: project.labelling, report, unsaved });
    this.imports = new ImportList(client, project.id);
    this.newFiles = new NewFiles(client, project.id);
    this.runs = new RunList(client, project.id);
    this.pipelines = new PipelineList({
      ...{ client, projectId: project.id, report, unsaved },
      nameKept: (name) => t('pipeline.keptName', { name }),
      onkept(kept) {
        toasts.show(t('pipeline.keptBeside', kept));
      },
    });
    this.snapshots = new SnapshotList(client, project.id);
    this.suggestions = new Suggestions(client, project.id, report);
    this.views = new SavedViews(client, project.id, report);
    const { dataset, runs, suggestions } = this;
    this.map = new ImageMap(client, project.id, dataset);
    this.model = new ModelView({ client, projectId: project.id, dataset, runs, suggestions, report });
    this.view = new ImagesView(parts.router, dataset, parts.i18n, {
      queue: () => suggestions.queue,
      judged: () => this.model.judged,
      similar: () => this.model.similar,
    });
  }

  get id(): OpenProject['id'] {
    return this.project.id;
  }

  get isMultiLabel(): boolean {
    return this.project.labelling === 'multi-label';
  }

  readonly isReadOnly = $derived.by(() => this.project.readOnlyBecause !== null);

  /** Loads and follows; returns the function that stops. */
  start(): () => void {
    const stops = [
      this.dataset.start(),
      this.views.start(),
      this.imports.start(),
      this.runs.start(),
      this.pipelines.start(),
      this.snapshots.start(this.#report),
      this.suggestions.start(),
      this.map.start(),
    ];
    this.reload();
    return () => stops.forEach((stop) => stop());
  }

  /** Asks for everything again, after events were missed. */
  reload(): void {
    const { dataset, views, imports, runs, pipelines, suggestions } = this;
    const ofOneClass = this.isMultiLabel ? [] : [suggestions];
    const loads = [dataset, views, imports, runs, pipelines, ...ofOneClass].map((one) => one.load());
    Promise.all(loads).catch(this.#report);
  }

  /** Tries again to write to a project that another process held. */
  async reopen(): Promise<void> {
    this.project = await this.#client.call('project.open', { projectId: this.id });
  }

  async rename(name: string): Promise<void> {
    this.project = await this.#client.call('project.rename', { projectId: this.id, name });
  }
}

export const [getProject, setProject] = createContext<ProjectSession>();
