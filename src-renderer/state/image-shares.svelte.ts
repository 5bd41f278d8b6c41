import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import type { ReportError } from './handle-error.ts';
import type { Suggestions } from './suggestions.svelte.ts';

/** How likely each class is for the image that is shown; the last answer about it stays until the next one. */
export class ImageShares {
  #answer: { readonly imageId: ImageId; readonly shares: ReadonlyMap<ClassId, number> } | null = $state.raw(null);
  readonly #suggestions: Suggestions;
  readonly #report: ReportError;
  #wanted: ImageId | null = null;

  constructor(suggestions: Suggestions, report: ReportError) {
    this.#suggestions = suggestions;
    this.#report = report;
  }

  request(imageId: ImageId): void {
    this.#wanted = imageId;
    void this.#ask(imageId).catch(this.#report);
  }

  /** Of an image, likeliest first; empty where nothing is known of it. */
  of(imageId: ImageId): ReadonlyMap<ClassId, number> {
    return this.#answer?.imageId === imageId ? this.#answer.shares : new Map();
  }

  async #ask(imageId: ImageId): Promise<void> {
    const shares = await this.#suggestions.ask(imageId);
    if (imageId !== this.#wanted) return;
    this.#answer = shares && { imageId, shares: new Map(shares.map(({ classId, share }) => [classId, share])) };
  }
}
