import * as v from 'valibot';
import { byteRoutes } from '../../../src-shared/contract/byte-routes.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import { uploadIdSchema, type ImageId, type ProjectId, type RunId } from '../../../src-shared/domain/ids.ts';
import { sendFile } from '../../actions/send-file.ts';
import type { PageClient } from '../../client/page-client.ts';

export type Judgement = CommandOutput<'run.predict'>;

/** One picture that the model judged. */
export interface Attempt {
  readonly key: number;
  readonly fileName: string;
  readonly pictureUrl: string;
  readonly judgement: Judgement;
}

/** One file that could not be judged, and why. */
export interface Failure {
  readonly fileName: string;
  readonly error: unknown;
}

interface Brought {
  /** Where to show the picture from. */
  readonly pictureUrl: string;
  readonly source: CommandInput<'run.predict'>['source'];
}

const uploadAnswerSchema = v.object({ uploadId: uploadIdSchema });

/** The pictures tried with one run, latest first; kept while its page is open. What fails leaves them as they were. */
export class TryState {
  attempts: readonly Attempt[] = $state.raw([]);
  /** Of the latest try. */
  failures: readonly Failure[] = $state.raw([]);
  /** The files whose judgement is awaited, the next one first. */
  waiting: readonly string[] = $state.raw([]);
  shownKey = $state(0);
  /** Of the run, on test images, else validation; null when it was never judged, or not yet asked. */
  evaluation: Evaluation | null = $state.raw(null);
  readonly shown = $derived(this.attempts.find(({ key }) => key === this.shownKey));
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #runId: RunId;
  #latestKey = 0;

  constructor(client: PageClient, projectId: ProjectId, runId: RunId) {
    this.#client = client;
    this.#projectId = projectId;
    this.#runId = runId;
  }

  /** Asks how the run did on images it did not learn from; a run that was stopped early may never have been judged. */
  async loadEvaluation(): Promise<void> {
    const input = { projectId: this.#projectId, runId: this.#runId, split: null };
    this.evaluation = await this.#client.call('run.evaluate', input).catch(() => null);
  }

  /** Tries files one after the other; the last one that could be judged is then shown. */
  async tryAll(files: readonly File[]): Promise<void> {
    await this.#inTurn(
      files.map((file) => ({
        fileName: file.name,
        bring: async () => {
          const { uploadId } = v.parse(uploadAnswerSchema, await sendFile(byteRoutes.upload(file.name), file));
          return { pictureUrl: byteRoutes.uploaded(uploadId), source: { kind: 'upload', uploadId } };
        },
      })),
    );
  }

  /** Tries an image of the project. */
  async tryImage(imageId: ImageId, fileName: string): Promise<void> {
    const pictureUrl = byteRoutes.image(this.#projectId, imageId);
    const bring = async (): Promise<Brought> => Promise.resolve({ pictureUrl, source: { kind: 'image', imageId } });
    await this.#inTurn([{ fileName, bring }]);
  }

  async #inTurn(pictures: readonly { fileName: string; bring: () => Promise<Brought> }[]): Promise<void> {
    if (this.waiting.length === 0) this.failures = [];
    this.waiting = [...this.waiting, ...pictures.map(({ fileName }) => fileName)];
    for (const { fileName, bring } of pictures) {
      try {
        const { pictureUrl, source } = await bring();
        const input = { projectId: this.#projectId, runId: this.#runId, source };
        this.#show({ fileName, pictureUrl, judgement: await this.#client.call('run.predict', input) });
      } catch (error) {
        this.failures = [...this.failures, { fileName, error }];
      }
      this.waiting = this.waiting.toSpliced(this.waiting.indexOf(fileName), 1);
    }
  }

  #show(attempt: Omit<Attempt, 'key'>): void {
    this.#latestKey += 1;
    this.attempts = [{ key: this.#latestKey, ...attempt }, ...this.attempts];
    this.shownKey = this.#latestKey;
  }
}
