/** Holds a work at its own safe places while it is closed. */
export class PauseGate {
  #open: PromiseWithResolvers<undefined> | null = null;

  get isClosed(): boolean {
    return this.#open !== null;
  }

  close(): void {
    this.#open ??= Promise.withResolvers();
  }

  open(): void {
    this.#open?.resolve(undefined);
    this.#open = null;
  }

  /** Resolves when the gate is open or the signal has come. */
  async pass(signal: AbortSignal): Promise<void> {
    if (this.#open === null || signal.aborted) return;
    const stopped = Promise.withResolvers<undefined>();
    const stop = (): void => stopped.resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([this.#open.promise, stopped.promise]);
    signal.removeEventListener('abort', stop);
  }
}
