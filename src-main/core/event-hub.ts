import * as v from 'valibot';
import { events, type AnyEvent, type EventName, type EventPayload } from '../../src-shared/contract/contract.ts';
import { describeIssue } from '../../src-shared/contract/describe-issue.ts';
import type { Logger } from './logger.ts';
import type { Emit } from './ports.ts';

/** Where the hosts listen. */
export interface EventSource {
  /** Every event, in the order of its emission. Returns the function that stops listening. */
  onAny(listener: (event: AnyEvent) => void): () => void;
  /** The events of one name. Returns the function that stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

/** The one place that events go through. */
export interface EventHub extends EventSource {
  readonly emit: Emit;
}

/**
 * Makes a hub. A payload against the contract is logged and not passed on, where payloads are checked: in development
 * and tests. A listener that throws is logged and does not keep the others from hearing.
 */
export function createEventHub(options: { readonly logger: Logger; readonly checksPayloads: boolean }): EventHub {
  const listeners = new Set<(event: AnyEvent) => void>();
  const { logger, checksPayloads } = options;

  function onAny(listener: (event: AnyEvent) => void): () => void {
    // A wrapper of its own, so that one function can listen twice and stop once.
    const entry = (event: AnyEvent): void => listener(event);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  function emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    if (checksPayloads && !isSound(name, payload, logger)) return;
    const event = { name, payload } as AnyEvent;
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        logger.error(`A listener of ${name} failed`, error);
      }
    }
  }

  function on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    return onAny((event) => {
      if (event.name === name) listener(event.payload);
    });
  }

  return { emit, onAny, on };
}

function isSound(name: EventName, payload: unknown, logger: Logger): boolean {
  const parsed = v.safeParse(events[name].payload, payload, { abortEarly: true });
  if (parsed.success) return true;
  logger.error(
    `The event ${name} is against its contract: ${describeIssue(parsed.issues[0], 'payload').text}`,
    new Error(name),
  );
  return false;
}
