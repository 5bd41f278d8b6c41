import type {
  OtherProjectPreview,
  OtherProjectSource,
  Takeover,
} from '../../../src-shared/contract/import-project.contract.ts';
import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';
import { LatestAnswer } from '../../state/latest-answer.svelte.ts';

interface Parts {
  readonly projectId: ProjectId;
  readonly source: OtherProjectSource;
  /** A project without images takes over the splits, too, unless the person says otherwise. */
  readonly isEmpty: boolean;
}

/** Another project before its images are taken over: what it has, and what is to become of it. */
export class TakeoverState {
  splits: Takeover['splits'] = $state('new');
  shared: Takeover['shared'] = $state('fill');
  /** What classes become here where a person said so; null: no class. */
  #chosen: Readonly<Record<string, string | null>> = $state.raw({});
  readonly #answer: LatestAnswer<'import.inspectProject'>;
  readonly #client: PageClient;
  readonly #of: Pick<Parts, 'projectId' | 'source'>;

  constructor(client: PageClient, { projectId, source, isEmpty }: Parts) {
    this.#client = client;
    this.#of = { projectId, source };
    this.#answer = new LatestAnswer(client, 'import.inspectProject');
    if (isEmpty) this.splits = 'keep';
  }

  readonly preview = $derived.by(() => this.#answer.result);
  readonly failure = $derived.by(() => this.#answer.failure);
  /** Images that are here with another class than they would bring. */
  readonly differing = $derived.by(() =>
    this.preview ? countDiffering(this.preview, (name) => this.becomes(name)) : 0,
  );
  /** Classes that would be new here. */
  readonly newClasses = $derived.by(() => {
    const classes = this.preview?.classes ?? [];
    const here = new Set(classes.filter(({ isHere }) => isHere).map(({ name }) => name));
    return classes.filter(({ name }) => this.becomes(name) === name && !here.has(name)).length;
  });

  /** Looks into the other project. */
  refresh(): void {
    this.#answer.request(this.#of);
  }

  /** The name that a class gets here; null: none. */
  becomes(name: string): string | null {
    return Object.hasOwn(this.#chosen, name) ? (this.#chosen[name] ?? null) : name;
  }

  choose(name: string, to: string | null): void {
    this.#chosen = { ...this.#chosen, [name]: to };
  }

  async start(): Promise<ImportJob> {
    const classes = Object.entries(this.#chosen).flatMap(([from, to]) => (from === to ? [] : [{ from, to }]));
    const takeover = { splits: this.splits, shared: this.shared, classes };
    return await this.#client.call('import.startProject', { ...this.#of, takeover });
  }
}

function countDiffering({ pairs }: OtherProjectPreview, becomes: (name: string) => string | null): number {
  return pairs.reduce((sum, { theirs, ours, count }) => {
    const brought = theirs === null ? null : becomes(theirs);
    return brought !== null && ours !== null && brought !== ours ? sum + count : sum;
  }, 0);
}
