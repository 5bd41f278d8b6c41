/** Some rows of a table: a byte each, so that selecting a million is as easy as selecting one. */
export class RowSelection {
  /** A new wrapper with every change; the marks themselves are no state. */
  #now = $state.raw({ marks: new Uint8Array(), size: 0 });

  get size(): number {
    return this.#now.size;
  }

  has(row: number): boolean {
    return this.#now.marks[row] === 1;
  }

  addAll(rows: Uint32Array): void {
    let { marks, size } = this.#now;
    const needed = rows.reduce((most, row) => Math.max(most, row + 1), 0);
    if (needed > marks.length) {
      const grown = new Uint8Array(Math.max(64, 2 * needed));
      grown.set(marks);
      marks = grown;
    }
    for (const row of rows) {
      if (marks[row] === 1) continue;
      marks[row] = 1;
      size += 1;
    }
    this.#now = { marks, size };
  }

  toggle(row: number): void {
    const { marks, size } = this.#now;
    if (marks[row] !== 1) this.addAll(Uint32Array.of(row));
    else {
      marks[row] = 0;
      this.#now = { marks, size: size - 1 };
    }
  }

  clear(): void {
    if (this.#now.size > 0) this.#now = { marks: this.#now.marks.fill(0), size: 0 };
  }

  /** Those of these rows that are selected, in their order. */
  within(rows: Uint32Array): Uint32Array {
    const { marks, size } = this.#now;
    const found = new Uint32Array(Math.min(size, rows.length));
    let count = 0;
    // It ends with the last selected one: of a few among very many, mostly long before the last row.
    for (let index = 0; count < size && index < rows.length; index += 1) {
      const row = rows[index] ?? 0;
      if (marks[row] !== 1) continue;
      found[count] = row;
      count += 1;
    }
    return found.subarray(0, count);
  }

  /** All selected rows, ascending. */
  rows(): Uint32Array {
    const { marks, size } = this.#now;
    const rows = new Uint32Array(size);
    let count = 0;
    for (let row = marks.indexOf(1); row !== -1; row = marks.indexOf(1, row + 1)) {
      rows[count] = row;
      count += 1;
    }
    return rows;
  }
}
