const depth = 200;
const mergeWithinMs = 1000;

/** Earlier and later versions of one immutable value. */
export class UndoStack<Value> {
  current: Value = $state.raw() as Value;
  #past: readonly Value[] = $state.raw([]);
  #future: readonly Value[] = $state.raw([]);
  #lastKey: string | undefined;
  #lastAt = 0;
  #isHeld = false;

  readonly canUndo: boolean = $derived(this.#past.length > 0);
  readonly canRedo: boolean = $derived(this.#future.length > 0);

  constructor(value: Value) {
    this.current = value;
  }

  /** Makes a value the current one. Pushes under the same key in quick succession, or while something is held, are one step. */
  push(value: Value, mergeKey?: string): void {
    const now = performance.now();
    const isSoon = this.#isHeld || now - this.#lastAt < mergeWithinMs;
    const isMerged = mergeKey !== undefined && mergeKey === this.#lastKey && isSoon;
    if (!isMerged) this.#past = [...this.#past.slice(1 - depth), this.current];
    this.#future = [];
    this.current = value;
    this.#lastKey = mergeKey;
    this.#lastAt = now;
  }

  /** A gesture begins: what it pushes under one key is a step of its own, however long it takes. */
  hold(): void {
    this.#isHeld = true;
    this.#lastKey = undefined;
  }

  /** The gesture ended; the next push is another step. */
  release(): void {
    this.#isHeld = false;
    this.#lastKey = undefined;
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
