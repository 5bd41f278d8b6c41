import type {
  AnyEvent,
  Client,
  CommandInput,
  CommandName,
  CommandOutput,
  EventName,
  EventPayload,
} from './contract.ts';
import { openEnvelope, openEvent } from './envelope.ts';

/** What moves messages: a socket, Electron's channels, or a direct call. */
export interface Transport {
  /** Resolves with an envelope; rejects only when the other side cannot be reached. */
  call(name: CommandName, input: unknown): Promise<unknown>;
  /** Every event that arrives, unchecked, in order. Returns the function that stops listening. */
  onEvent(listener: (event: unknown) => void): () => void;
}

/** Makes a client over a transport: answers and events are checked against the contract before anyone sees them. */
export function createClient(transport: Transport): Client {
  return {
    async call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
      return openEnvelope(name, await transport.call(name, input));
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      return transport.onEvent((raw) => {
        const event = openEvent(raw);
        if (isNamed(event, name)) listener(event.payload);
      });
    },
  };
}

function isNamed<N extends EventName>(
  event: AnyEvent,
  name: N,
): event is AnyEvent & { name: N; payload: EventPayload<N> } {
  return event.name === name;
}
