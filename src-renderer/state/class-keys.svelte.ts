import type { ClassId } from '../../src-shared/domain/ids.ts';
import type { DatasetState } from './dataset-state.svelte.ts';

const digits = '123456789'.split('');
/** Up to here the keys are the first classes of the list; beyond, the ones used last. */
const mostFixedClasses = 20;

/** Which class each key sets, and which class was set last. */
export class ClassKeys {
  last: ClassId | null = $state(null);
  readonly #dataset: DatasetState;
  /** Classes by key, for many classes; a class keeps its key until it is the one not used for longest. */
  #slots: readonly ClassId[] = $state.raw([]);
  #latestFirst: readonly ClassId[] = [];

  constructor(dataset: DatasetState) {
    this.#dataset = dataset;
  }

  /** The digits that no class has for good. */
  readonly #freeDigits: readonly string[] = $derived.by(() => {
    const taken = new Set(this.#dataset.classes.map(({ key }) => key));
    return digits.filter((digit) => !taken.has(digit));
  });

  /** The key of each class that has one: its own, else one of the digits that are left. */
  readonly #keys: ReadonlyMap<ClassId, string> = $derived.by(() => {
    const { classes, classById } = this.#dataset;
    const keys = new Map(classes.flatMap(({ id, key }) => (key === null ? [] : [[id, key] as const])));
    const others = classes.map(({ id }) => id).filter((id) => !keys.has(id));
    const used = this.#slots.filter((id) => classById.has(id) && !keys.has(id));
    const inTurn =
      classes.length <= mostFixedClasses ? others : [...used, ...others.filter((id) => !used.includes(id))];
    this.#freeDigits.forEach((digit, index) => {
      const id = inTurn[index];
      if (id !== undefined) keys.set(id, digit);
    });
    return keys;
  });

  /** A digit or a letter; null for a class without one. */
  keyOf(classId: ClassId): string | null {
    return this.#keys.get(classId) ?? null;
  }

  /** The class of a key. */
  classOf(key: string): ClassId | undefined {
    return [...this.#keys].find(([, one]) => one === key)?.[0];
  }

  use(classId: ClassId): void {
    this.last = classId;
    if (this.#dataset.classById.get(classId)?.key != null) return;
    const room = this.#freeDigits.length;
    this.#latestFirst = [classId, ...this.#latestFirst.filter((id) => id !== classId)].slice(0, room);
    if (this.#slots.includes(classId)) return;
    const oldest = this.#slots.findIndex((id) => !this.#latestFirst.includes(id));
    this.#slots =
      this.#slots.length < room ? [...this.#slots, classId] : this.#slots.with(Math.max(0, oldest), classId);
  }
}
