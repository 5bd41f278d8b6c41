import type { Probe } from '../../src-shared/domain/probe.ts';
import type { App } from './app.svelte.ts';

/** One try as the page shows it, from its start to its figures. */
export class ProbeWatch<Kind extends Probe['kind'], Subject> {
  probe: Extract<Probe, { readonly kind: Kind }> | null = $state.raw(null);
  /** What was tried: its figures do not hold for what the page has come to since. */
  subject: Subject | null = $state.raw(null);
  isAsking = $state(false);
  readonly isWorking = $derived(this.isAsking || this.probe?.status === 'working');
  readonly #kind: Kind;
  readonly #app: App;
  readonly #ask: (subject: Subject) => Promise<Probe>;

  constructor(kind: Kind, app: App, ask: (subject: Subject) => Promise<Probe>) {
    this.#kind = kind;
    this.#app = app;
    this.#ask = ask;
  }

  /** Follows the tries until the returned function is called, which also stops the one at work. */
  follow(): () => void {
    const stopListening = this.#app.client.on('probe.changed', ({ probe }) => {
      if (probe.id === this.probe?.id && this.#isOwn(probe)) this.probe = probe;
    });
    return () => {
      stopListening();
      if (this.isWorking) this.cancel();
    };
  }

  async start(subject: Subject): Promise<void> {
    this.isAsking = true;
    try {
      const probe = await this.#ask(subject);
      if (this.#isOwn(probe)) this.probe = probe;
      this.subject = subject;
    } catch (error) {
      this.#app.reportError(error);
    } finally {
      this.isAsking = false;
    }
  }

  cancel(): void {
    const { probe } = this;
    // One that ends in the same moment need not be stopped any more.
    if (probe) this.#app.client.call('probe.cancel', { jobId: probe.id }).catch(() => undefined);
  }

  #isOwn(probe: Probe): probe is Extract<Probe, { readonly kind: Kind }> {
    return probe.kind === this.#kind;
  }
}
