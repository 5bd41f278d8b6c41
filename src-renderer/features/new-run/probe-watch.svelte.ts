import type { Probe } from '../../../src-shared/domain/probe.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';

const commands = { 'learning-rate': 'probe.findLearningRate', cost: 'probe.estimate' } as const;
type ProbeKind = keyof typeof commands;

/** One try of a recipe as the form shows it, from its start to its figures. */
export class ProbeWatch<Kind extends ProbeKind> {
  probe: Extract<Probe, { readonly kind: Kind }> | null = $state.raw(null);
  /** What was tried: figures of another recipe do not hold for the one in the form. */
  recipe: Recipe | null = $state.raw(null);
  isAsking = $state(false);
  readonly isWorking = $derived(this.isAsking || this.probe?.status === 'working');
  readonly #kind: Kind;
  readonly #app: App;
  readonly #project: ProjectSession;

  constructor(kind: Kind, app: App, project: ProjectSession) {
    this.#kind = kind;
    this.#app = app;
    this.#project = project;
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

  async start(recipe: Recipe): Promise<void> {
    this.isAsking = true;
    try {
      const probe = await this.#app.client.call(commands[this.#kind], { projectId: this.#project.id, recipe });
      if (this.#isOwn(probe)) this.probe = probe;
      this.recipe = recipe;
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
