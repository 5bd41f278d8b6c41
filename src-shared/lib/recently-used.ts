/** Values by key that together take at most so many bytes: those not asked for longest go first, the newest always stays. */
export class RecentlyUsed<Key, Value> {
  readonly #limitBytes: number;
  /** A Map keeps the order of insertion: the one not asked for longest comes first. */
  readonly #entries = new Map<Key, { readonly value: Value; readonly bytes: number }>();
  #totalBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: Key, value: Value, bytes: number): void {
    this.#drop(key);
    this.#entries.set(key, { value, bytes });
    this.#totalBytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#totalBytes <= this.#limitBytes || oldest === key) break;
      this.#drop(oldest);
    }
  }

  #drop(key: Key): void {
    this.#totalBytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
