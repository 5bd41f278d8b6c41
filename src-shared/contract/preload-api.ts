/** What the preload puts on the page's window as `graft`, and nothing else. */
export interface PreloadApi {
  /** Resolves with an envelope (envelope.ts), also when the call is refused. */
  call(name: string, input: unknown): Promise<unknown>;
  /** Every event as { name, payload }, in order. Returns the function that stops listening. */
  on(listener: (event: unknown) => void): () => void;
}
