import type { EventPayload } from '../../../src-shared/contract/contract.ts';
import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import type { RunRecord } from '../../../src-shared/domain/run.ts';
import type { App } from '../../state/app.svelte.ts';

/** How a run does on held-out images: saved, or judged while the page waits, which can be stopped and asked for again. */
export class RunEvaluation {
  evaluation: Evaluation | null = $state.raw(null);
  isAsking = $state(false);
  /** How far the judging is; null while nothing has to be judged. */
  progress: EventPayload<'run.imagesJudged'> | null = $state.raw(null);
  readonly #app: App;
  readonly #run: { readonly projectId: RunRecord['projectId']; readonly runId: RunRecord['id'] };

  constructor(app: App, { projectId, id: runId }: RunRecord) {
    this.#app = app;
    this.#run = { projectId, runId };
  }

  /** Hears how far the judging is until the returned function is called. */
  follow(): () => void {
    return this.#app.client.on('run.imagesJudged', (judged) => {
      if (judged.runId === this.#run.runId && this.isAsking) this.progress = judged;
    });
  }

  async load(): Promise<void> {
    this.isAsking = true;
    try {
      this.evaluation = await this.#app.client.call('run.evaluate', { ...this.#run, split: null });
    } catch (error) {
      this.#app.reportError(error);
    } finally {
      this.isAsking = false;
      this.progress = null;
    }
  }

  cancel(): void {
    this.#app.client.call('run.cancelEvaluation', this.#run).catch((error: unknown) => this.#app.reportError(error));
  }
}
