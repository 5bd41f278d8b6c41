/** Cancels work on an interruption, now or later. Work that ends in the same moment cannot be cancelled any more, and need not be. */
export function onInterrupt(interrupted: AbortSignal, cancel: () => Promise<unknown>): void {
  const cancelNow = (): void => void cancel().catch(() => undefined);
  if (interrupted.aborted) cancelNow();
  else interrupted.addEventListener('abort', cancelNow, { once: true });
}
