import type { CommandInput } from '../../../src-shared/contract/contract.ts';
import type { ListReading, ListSource } from '../../../src-shared/contract/import-list.contract.ts';
import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';
import type { ChosenFolder } from '../../state/dialogs.svelte.ts';
import { LatestAnswer } from '../../state/latest-answer.svelte.ts';

/** A list of labels before it is imported: how it is read, and what would come of it. */
export class ListState {
  /** Null: as core guesses it. */
  reading: ListReading | null = $state.raw(null);
  /** Where the files are; null: beside the list. */
  images: ChosenFolder | null = $state.raw(null);
  addsClasses = $state(true);
  readonly #answer: LatestAnswer<'import.inspectList'>;
  readonly #client: PageClient;
  readonly #of: { readonly projectId: ProjectId; readonly source: ListSource };

  constructor(client: PageClient, of: { readonly projectId: ProjectId; readonly source: ListSource }) {
    this.#client = client;
    this.#of = of;
    this.#answer = new LatestAnswer(client, 'import.inspectList');
  }

  readonly preview = $derived.by(() => this.#answer.result);
  readonly failure = $derived.by(() => this.#answer.failure);

  readonly #query: CommandInput<'import.inspectList'> = $derived.by(() => ({
    ...this.#of,
    images: this.images?.token ?? null,
    reading: this.reading,
  }));

  /** Looks into the list as it is read now. */
  refresh(): void {
    this.#answer.request(this.#query);
  }

  /** Reads the list otherwise in some respect. */
  read(part: Partial<ListReading>): void {
    const reading = this.reading ?? this.preview?.reading;
    if (reading) this.reading = { ...reading, ...part };
  }

  /** Starts the import of what the preview shows; null while there is none. */
  async start(): Promise<ImportJob | null> {
    const reading = this.reading ?? this.preview?.reading;
    if (!reading) return null;
    return await this.#client.call('import.startList', {
      ...this.#of,
      images: this.images?.token ?? null,
      reading,
      addsClasses: this.addsClasses,
    });
  }
}
