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
  failure: unknown = $state.raw(null);
  readonly selected: FolderEntry | null = $derived(this.listing?.folders[this.selectedIndex] ?? null);
  readonly target: FolderEntry | null = $derived(this.selected ?? this.listing);
  readonly #client: PageClient;
  #latest = 0;

  constructor(client: PageClient) {
    this.#client = client;
  }

  /** Lists a folder; null is the person's home. */
  async open(folder: FolderToken | null): Promise<void> {
    await this.#show(() => this.#client.call('folder.list', { folder }));
  }

  /** Lists the folder whose path was typed. */
  async find(): Promise<void> {
    await this.#show(() => this.#client.call('folder.find', { path: this.path.trim() }));
  }

  /** Selects the next or the previous row. */
  move(step: number): void {
    const count = this.listing?.folders.length ?? 0;
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
      this.path = listing.path;
      this.failure = null;
    } catch (error) {
      if (thisOne === this.#latest) this.failure = error;
    }
  }
}
