import { assertNever } from '../../src-shared/lib/assert-never.ts';
import type { ToQuickHead } from '../jobs/quick-head-protocol.ts';
import type { FromTrainer, ToTrainer } from '../jobs/trainer-protocol.ts';

/**
 * Why a job should end before its time: a person cancelled it (keep and judge what there is), or its parent went away
 * (save a checkpoint and end at once).
 */
export type StopReason = 'cancelled' | 'abandoned';

/** One file that a predict job is asked about. */
export type PredictRequest = Extract<ToTrainer, { readonly type: 'predict' }>;

/** Most requests that are answered together. */
const mostAtOnce = 32;

/** A job's connection to core. */
export interface JobLink {
  send(message: FromTrainer): void;
  /** Set as soon as the job should stop, and never unset. Only seen after a `breathe`. */
  stopReason(): StopReason | null;
  /** Lets messages arrive; call it between steps, because steps block the thread. */
  breathe(): Promise<void>;
  /** Requests of a predict job, in order, as many together as wait, up to 32; ends when the job should stop. */
  predictRequests(): AsyncIterable<readonly PredictRequest[]>;
  /** What a quick head is told, in order; ends when the job should stop. */
  headMessages(): AsyncIterable<ToQuickHead>;
}

/** What the parent thread tells the job's thread. */
export type LinkEvent =
  | { readonly type: 'message'; readonly message: Exclude<ToTrainer, { readonly type: 'start' }> }
  | { readonly type: 'abandoned' };

/** A link and the function that brings events into it. */
export interface DrivenLink {
  readonly link: JobLink;
  readonly deliver: (event: LinkEvent) => void;
}

/** Makes a link that sends through `send` and hears what is delivered. */
export function createJobLink(send: (message: FromTrainer) => void): DrivenLink {
  let reason: StopReason | null = null;
  let waiting: PredictRequest[] = [];
  const forHead: ToQuickHead[] = [];
  let wake: () => void = () => undefined;

  async function* predictRequests(): AsyncGenerator<readonly PredictRequest[]> {
    while (reason === null) {
      if (waiting.length > 0) yield waiting.splice(0, mostAtOnce);
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  async function* headMessages(): AsyncGenerator<ToQuickHead> {
    while (reason === null) {
      const message = forHead.shift();
      if (message) yield message;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  const hear = (message: Extract<LinkEvent, { readonly type: 'message' }>['message']): void => {
    switch (message.type) {
      case 'cancel':
        reason ??= 'cancelled';
        return;
      case 'predict':
        waiting.push(message);
        return;
      case 'withdraw': {
        const ids = new Set(message.ids);
        waiting = waiting.filter(({ id }) => !ids.has(id));
        return;
      }
      case 'head-images':
      case 'head-learn':
      case 'head-ask':
        forHead.push(message);
        return;
      default:
        assertNever(message, 'message');
    }
  };

  return {
    link: {
      send,
      stopReason: () => reason,
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      predictRequests,
      headMessages,
    },
    deliver(event) {
      if (event.type === 'abandoned') reason = 'abandoned';
      else hear(event.message);
      wake();
    },
  };
}
