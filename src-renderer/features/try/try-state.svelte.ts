import * as v from 'valibot';
import { byteRoutes } from '../../../src-shared/contract/byte-routes.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import { uploadIdSchema, type ImageId, type ProjectId, type RunId } from '../../../src-shared/domain/ids.ts';
import { sendFile } from '../../actions/send-file.ts';
import type { PageClient } from '../../client/page-client.ts';

export type Judgement = CommandOutput<'run.predict'>;

/** One picture that was given to the model. */
export interface Attempt {
  readonly key: number;
  readonly fileName: string;
  /** Where to show it from; null until core has the file. */
  readonly pictureUrl: string | null;
  /** Null while the model looks, and when it could not. */
  readonly judgement: Judgement | null;
  readonly error: unknown;
}

const uploadAnswerSchema = v.object({ uploadId: uploadIdSchema });

/** The pictures tried with one run, latest first; kept while its page is open. */
export class TryState {
  attempts: readonly Attempt[] = $state.raw([]);
  shownKey = $state(0);
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

  /** Tries pictures one after the other; a failure stays with its picture. */
  async tryAll(files: readonly File[]): Promise<void> {
    for (const file of files) await this.#try(file);
  }

  /** Tries an image of the project. */
  async tryImage(imageId: ImageId, fileName: string): Promise<void> {
    const key = this.#add(fileName, byteRoutes.image(this.#projectId, imageId));
    try {
      await this.#judge(key, { kind: 'image', imageId });
    } catch (error) {
      this.#change(key, { error });
    }
  }

  async #try(file: File): Promise<void> {
    const key = this.#add(file.name, null);
    try {
      const { uploadId } = v.parse(uploadAnswerSchema, await sendFile(byteRoutes.upload(file.name), file));
      this.#change(key, { pictureUrl: byteRoutes.uploaded(uploadId) });
      await this.#judge(key, { kind: 'upload', uploadId });
    } catch (error) {
      this.#change(key, { error });
    }
  }

  #add(fileName: string, pictureUrl: string | null): number {
    this.#latestKey += 1;
    const key = this.#latestKey;
    this.attempts = [{ key, fileName, pictureUrl, judgement: null, error: null }, ...this.attempts];
    this.shownKey = key;
    return key;
  }

  async #judge(key: number, source: CommandInput<'run.predict'>['source']): Promise<void> {
    const input = { projectId: this.#projectId, runId: this.#runId, source };
    this.#change(key, { judgement: await this.#client.call('run.predict', input) });
  }

  #change(key: number, change: Partial<Attempt>): void {
    this.attempts = this.attempts.map((attempt) => (attempt.key === key ? { ...attempt, ...change } : attempt));
  }
}
