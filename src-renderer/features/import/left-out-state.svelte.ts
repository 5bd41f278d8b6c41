import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import type { JobId, ProjectId } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';
import { LatestAnswer } from '../../state/latest-answer.svelte.ts';

const pageSize = 500;

/** The report of what an import left out: the part that is looked at, which grows as it is scrolled. */
export class LeftOutState {
  /** Part of a file's path; empty for all. */
  search = $state('');
  /** The name of a reason; null for all. */
  reason: string | null = $state(null);
  #wanted = $state(pageSize);
  readonly #answer: LatestAnswer<'import.listSkipped'>;
  readonly #client: PageClient;
  readonly #of: { readonly projectId: ProjectId; readonly jobId: JobId };

  constructor(client: PageClient, of: { readonly projectId: ProjectId; readonly jobId: JobId }) {
    this.#client = client;
    this.#of = of;
    this.#answer = new LatestAnswer(client, 'import.listSkipped');
  }

  get report(): CommandOutput<'import.listSkipped'> | null {
    return this.#answer.result;
  }

  get failure(): unknown {
    return this.#answer.failure;
  }

  readonly #query: CommandInput<'import.listSkipped'> = $derived.by(() => ({
    ...this.#of,
    offset: 0,
    limit: Math.min(5000, this.#wanted),
    search: this.search.trim(),
    reason: this.reason,
  }));

  /** Asks for what is to be seen, where `leftOut` files are known to be left out; call it again when there are more. */
  refresh(leftOut: number): void {
    if (leftOut > 0) this.#answer.request(this.#query);
  }

  /** More rows, when there are more. */
  showMore(): void {
    if (this.report && this.report.skipped.length < this.report.total) this.#wanted += pageSize;
  }

  /** Every file that matches, however many. */
  async all(): Promise<readonly SkippedFile[]> {
    const files: SkippedFile[] = [];
    for (;;) {
      const page = { ...this.#query, offset: files.length, limit: 5000 };
      const { skipped, total } = await this.#client.call('import.listSkipped', page);
      files.push(...skipped);
      if (skipped.length === 0 || files.length >= total) return files;
    }
  }
}
