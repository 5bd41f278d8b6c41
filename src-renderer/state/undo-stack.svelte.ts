const depth = 200;
const mergeWithinMs = 1000;

/** Earlier and later versions of one immutable value. */
export class UndoStack<Value> {
  current: Value = $state.raw() as Value;
  #past: readonly Value[] = $state.raw([]);
  #future: readonly Value[] = $state.raw([]);
  #lastKey: string | undefined;
  #lastAt = 0;

  readonly canUndo: boolean = $derived(this.#past.length > 0);
  readonly canRedo: boolean = $derived(this.#future.length > 0);

  constructor(value: Value) {
    this.current = value;
  }

  /** Makes a value the current one. Pushes under the same key in quick succession, as a slider makes them, are one step. */
  push(value: Value, mergeKey?: string): void {
    const now = performance.now();
    const isMerged = mergeKey !== undefined && mergeKey === this.#lastKey && now - this.#lastAt < mergeWithinMs;
    if (!isMerged) this.#past = [...this.#past.slice(1 - depth), this.current];
    this.#future = [];
    this.current = value;
    this.#lastKey = mergeKey;
    this.#lastAt = now;
  }

  /** Goes one step back; false when there is none. */
  undo(): boolean {
    const before = this.#past.at(-1);
    if (before === undefined) return false;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.current, ...this.#future];
    this.current = before;
    this.#lastKey = undefined;
    return true;
  }

  redo(): boolean {
    const after = this.#future[0];
    if (after === undefined) return false;
    this.#future = this.#future.slice(1);
    this.#past = [...this.#past, this.current];
    this.current = after;
    this.#lastKey = undefined;
    return true;
  }
}
