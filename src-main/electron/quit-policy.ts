import type { AnyEvent } from '../../src-shared/contract/contract.ts';
import { commands } from '../../src-shared/contract/contract.ts';
import { openAnswer } from '../../src-shared/contract/envelope.ts';
import type { Envelope } from '../../src-shared/contract/envelope.ts';

/** What happens when the last window closes: Graft ends, unless a training goes on; then it ends after that. */
export interface QuitPolicy {
  onAllWindowsClosed(): Promise<void>;
  /** Watches the trainings while no window is open. */
  onEvent(event: AnyEvent): void;
}

export function createQuitPolicy(options: {
  readonly call: (name: string, input: unknown) => Promise<Envelope>;
  readonly hasWindow: () => boolean;
  readonly quit: () => void;
}): QuitPolicy {
  const { call, hasWindow, quit } = options;

  async function quitWhenIdle(): Promise<void> {
    const isTraining = await anyTraining(call);
    if (!isTraining && !hasWindow()) quit();
  }

  return {
    onAllWindowsClosed: quitWhenIdle,
    onEvent(event) {
      if (event.name === 'run.recordChanged' && !hasWindow()) void quitWhenIdle();
    },
  };
}

async function anyTraining(call: (name: string, input: unknown) => Promise<Envelope>): Promise<boolean> {
  try {
    const { projects } = openAnswer(commands['project.list'].output, await call('project.list', {}));
    return projects.some((project) => project.isTraining);
  } catch {
    // A core that does not answer trains nothing.
    return false;
  }
}
