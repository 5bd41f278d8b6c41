/** How far files are on their way to core. */
export interface UploadProgress {
  readonly done: number;
  readonly total: number;
}

/** The upload that is under way, at most one. */
export class Uploads {
  progress: UploadProgress | null = $state.raw(null);
  #controller = new AbortController();

  get isBusy(): boolean {
    return this.progress !== null;
  }

  /** Runs an upload; resolves with null when it was cancelled or another one is under way. */
  async run<Result>(
    upload: (options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: UploadProgress) => void;
    }) => Promise<Result>,
  ): Promise<Result | null> {
    if (this.isBusy) return null;
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    try {
      return await upload({ signal, onProgress: (progress) => (this.progress = progress) });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      this.progress = null;
    }
  }

  cancel(): void {
    this.#controller.abort();
  }
}
