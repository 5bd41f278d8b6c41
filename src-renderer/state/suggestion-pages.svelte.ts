import type { ClassId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { SuggestedLabel } from '../../src-shared/domain/suggestion.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';

const pageLength = 200;

interface Wish {
  readonly threshold: number;
  readonly classId: ClassId | null;
  /** Of the suggestions that it is asked for: another one is another list. */
  readonly version: number;
}

/** The list of suggestions, of which the parts that are looked at are asked for; what is shown stays until its successor is there. */
export class SuggestionPages {
  /** How many reach the threshold: the first of the list. */
  above = $state(0);
  total = $state(0);
  isLoaded = $state(false);
  #items: ReadonlyMap<number, SuggestedLabel> = $state.raw(new Map());
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #report: ReportError;
  #wish: Wish = { threshold: 0, classId: null, version: 0 };
  #seen: readonly [number, number] = [0, pageLength];
  /** Of what was asked for last: earlier answers come too late. */
  #generation = 0;
  readonly #asked = new Set<number>();

  constructor(client: PageClient, projectId: ProjectId, report: ReportError) {
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
  }

  at(index: number): SuggestedLabel | undefined {
    return this.#items.get(index);
  }

  /** Takes one out that was just settled, so that the keys mean the next one at once; the list that follows says the same. */
  drop(index: number): void {
    // What was asked for before still has it.
    this.#generation += 1;
    this.#asked.clear();
    const moved = [...this.#items].filter(([place]) => place !== index);
    this.#items = new Map(moved.map(([place, item]) => [place > index ? place - 1 : place, item]));
    if (index < this.above) this.above -= 1;
    this.total -= 1;
  }

  /** Asks for the list anew, beginning with what is looked at. */
  request(wish: Wish): void {
    this.#wish = wish;
    this.#generation += 1;
    this.#asked.clear();
    void this.#ask(Math.floor(this.#seen[0] / pageLength), new Map()).catch(this.#report);
  }

  /** These places are looked at: what is not there of them is asked for. */
  see(start: number, end: number): void {
    this.#seen = [start, end];
    for (let page = Math.floor(start / pageLength); page * pageLength < Math.min(end, this.total); page += 1) {
      if (!this.#asked.has(page)) void this.#ask(page, null).catch(this.#report);
    }
  }

  /** With `fresh` it begins a new list instead of adding to the one that is shown. */
  async #ask(page: number, fresh: Map<number, SuggestedLabel> | null): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    const offset = page * pageLength;
    const { threshold, classId } = this.#wish;
    const answer = await this.#client.call('suggestion.list', {
      ...{ projectId: this.#projectId, threshold, classId, offset, limit: pageLength },
    });
    if (generation !== this.#generation) return;
    const items = fresh ?? new Map(this.#items);
    answer.suggestions.forEach((suggestion, index) => items.set(offset + index, suggestion));
    this.#items = items;
    this.above = answer.above;
    this.total = answer.total;
    this.isLoaded = true;
    this.see(...this.#seen);
  }
}
