import type { FolderEntry, FolderListing } from '../../../src-shared/contract/folder.contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';

/** Where the folder chooser is and what is chosen: the selected row, else the listed folder itself. */
export class FolderChooserState {
  listing: FolderListing | null = $state.raw(null);
  /** Among the listed folders; −1 when none is selected. */
  selectedIndex = $state(-1);
  /** As typed, or of the listed folder. */
  path = $state('');
  /** Rows that are chosen together; only where several may be. */
  marked: readonly FolderEntry[] = $state.raw([]);
  failure: unknown = $state.raw(null);
  /** The rows: folders, and archives where they can be chosen. */
  readonly entries: readonly FolderEntry[] = $derived(
    (this.listing?.folders ?? []).filter(({ isArchive }) => !isArchive || this.#takesArchives),
  );
  readonly selected: FolderEntry | null = $derived(this.entries[this.selectedIndex] ?? null);
  readonly target: FolderEntry | null = $derived(this.selected ?? this.listing);
  readonly #client: PageClient;
  readonly #takesArchives: boolean;
  #latest = 0;

  constructor(client: PageClient, options: { readonly takesArchives: boolean }) {
    this.#client = client;
    this.#takesArchives = options.takesArchives;
  }

  /** Lists a folder; null is the person's home. */
  async open(folder: FolderToken | null): Promise<void> {
    await this.#show(() => this.#client.call('folder.list', { folder }));
  }

  /** Lists the folder whose path was typed. */
  async find(): Promise<void> {
    await this.#show(() => this.#client.call('folder.find', { path: this.path.trim() }));
  }

  /** Adds a row to those that are chosen together, or takes it out. */
  toggleMark(entry: FolderEntry): void {
    const others = this.marked.filter(({ token }) => !Object.is(token, entry.token));
    this.marked = others.length === this.marked.length ? [...this.marked, entry] : others;
  }

  /** Selects the next or the previous row. */
  move(step: number): void {
    const count = this.entries.length;
    if (this.selectedIndex === -1) this.selectedIndex = step > 0 ? Math.min(0, count - 1) : count - 1;
    else this.selectedIndex = Math.min(count - 1, Math.max(0, this.selectedIndex + step));
  }

  async #show(load: () => Promise<FolderListing>): Promise<void> {
    this.#latest += 1;
    const thisOne = this.#latest;
    try {
      const listing = await load();
      if (thisOne !== this.#latest) return;
      this.listing = listing;
      this.selectedIndex = -1;
      this.marked = [];
      this.path = listing.path;
      this.failure = null;
    } catch (error) {
      if (thisOne === this.#latest) this.failure = error;
    }
  }
}
