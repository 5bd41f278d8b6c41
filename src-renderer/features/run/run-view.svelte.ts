import type { RunSnapshot } from '../../../src-shared/contract/run.contract.ts';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { EpochMetric, Metric, RunProgress, RunRecord, StepMetric } from '../../../src-shared/domain/run.ts';
import { followStream } from '../../client/apply-events.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';
import { joinMetrics } from './join-metrics.ts';

type RunEvent =
  | { readonly seq: number; readonly kind: 'record'; readonly record: RunRecord }
  | { readonly seq: number; readonly kind: 'metrics'; readonly metrics: readonly Metric[] }
  | { readonly seq: number; readonly kind: 'progress'; readonly progress: RunProgress };

/** One run with its curves, followed from its snapshot on: the same for a live run and a reloaded page. */
export class RunView {
  record: RunRecord | null = $state.raw(null);
  metrics: readonly Metric[] = $state.raw([]);
  progress: RunProgress | null = $state.raw(null);
  readonly steps = $derived(this.metrics.filter((metric): metric is StepMetric => metric.type === 'step'));
  readonly epochs = $derived(this.metrics.filter((metric): metric is EpochMetric => metric.type === 'epoch'));
  readonly best = $derived(this.epochs.findLast(({ isBest }) => isBest) ?? null);

  readonly #runId: RunId;

  constructor(runId: RunId) {
    this.#runId = runId;
  }

  /** Follows the run until the returned function is called. */
  follow(app: App, project: ProjectSession): () => void {
    const stream = followStream<RunSnapshot, RunEvent>({
      listen: (push) => this.#listen(app, push),
      load: () => app.client.call('run.get', { projectId: project.id, runId: this.#runId }),
      start: ({ record, metrics, progress }) => {
        this.record = record;
        this.metrics = metrics;
        this.progress = progress;
      },
      apply: (events) => this.#apply(events),
      fail: (error) => app.reportError(error),
    });
    return () => stream.close();
  }

  #listen(app: App, push: (event: RunEvent) => void): () => void {
    const runId = this.#runId;
    const stops = [
      app.client.on('run.recordChanged', ({ seq, record }) => {
        if (record.id === runId) push({ seq, kind: 'record', record });
      }),
      app.client.on('run.metricsAdded', (event) => {
        if (event.runId === runId) push({ seq: event.seq, kind: 'metrics', metrics: event.metrics });
      }),
      app.client.on('run.progressed', (event) => {
        if (event.runId === runId) push({ seq: event.seq, kind: 'progress', progress: event.progress });
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #apply(events: readonly RunEvent[]): void {
    const added: Metric[] = [];
    for (const event of events) {
      if (event.kind === 'record') this.record = event.record;
      else if (event.kind === 'progress') this.progress = event.progress;
      else added.push(...event.metrics);
    }
    this.metrics = joinMetrics(this.metrics, added);
  }
}
