/** Does one piece of work after the other, in the order in which they were asked for. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** The work's own answer or error; an error does not keep the next one from its turn. */
  do<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all work asked for until now is done. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
