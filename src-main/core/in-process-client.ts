import type { Client } from '../../src-shared/contract/contract.ts';
import { createClient } from '../../src-shared/contract/create-client.ts';
import type { Core } from './core.ts';

/** A client of a core in this very process: the command line, and tests. */
export function createInProcessClient(core: Pick<Core, 'dispatch' | 'events'>): Client {
  return createClient({
    call: async (name, input) => await core.dispatch(name, input),
    onEvent: (listener) => core.events.onAny(listener),
  });
}
