import type { ClassId } from '../../src-shared/domain/ids.ts';
import type { DatasetState } from './dataset-state.svelte.ts';

const keyCount = 9;
/** Up to here the keys are the first classes of the list; beyond, the ones used last. */
const mostFixedClasses = 20;

/** Which class each of the keys 1–9 sets, and which class was set last. */
export class ClassKeys {
  last: ClassId | null = $state(null);
  readonly #dataset: DatasetState;
  /** Classes by key, for many classes; a class keeps its key until it is the one not used for longest. */
  #slots: readonly ClassId[] = $state.raw([]);
  #latestFirst: readonly ClassId[] = [];

  constructor(dataset: DatasetState) {
    this.#dataset = dataset;
  }

  /** The classes of keys 1, 2, 3 … */
  readonly keyed: readonly ClassId[] = $derived.by(() => {
    const ids = this.#dataset.classes.map(({ id }) => id);
    if (ids.length <= mostFixedClasses) return ids.slice(0, keyCount);
    const used = this.#slots.filter((id) => this.#dataset.classById.has(id));
    return [...used, ...ids.filter((id) => !used.includes(id)).slice(0, keyCount - used.length)];
  });

  /** 1 … 9, or null. */
  keyOf(classId: ClassId): number | null {
    const index = this.keyed.indexOf(classId);
    return index === -1 ? null : index + 1;
  }

  use(classId: ClassId): void {
    this.last = classId;
    this.#latestFirst = [classId, ...this.#latestFirst.filter((id) => id !== classId)].slice(0, keyCount);
    if (this.#slots.includes(classId)) return;
    const oldest = this.#slots.findIndex((id) => !this.#latestFirst.includes(id));
    this.#slots =
      this.#slots.length < keyCount ? [...this.#slots, classId] : this.#slots.with(Math.max(0, oldest), classId);
  }
}
