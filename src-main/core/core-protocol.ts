import type { AppErrorShape } from '../../src-shared/contract/app-error.ts';
import type { AnyEvent } from '../../src-shared/contract/contract.ts';
import type { Envelope } from '../../src-shared/contract/envelope.ts';

// What Electron main and core say to each other, as JSON over the child's ipc channel.

export type ToCore =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  /** The person chose this folder in the system's dialog; the answer's value is { token, name }. */
  | { readonly type: 'grantFolder'; readonly id: number; readonly path: string }
  /** The same for what they chose to import, folder or file. */
  | { readonly type: 'grantSource'; readonly id: number; readonly path: string }
  /** The answer's value is the path. */
  | { readonly type: 'exportFolder'; readonly id: number; readonly projectId: string; readonly exportId: string }
  /** Answered by the next `alive`. */
  | { readonly type: 'ping' }
  /** Let go of everything and end. */
  | { readonly type: 'stop' };

export type FromCore =
  /** Where the byte routes are, and the token that they ask for. */
  | { readonly type: 'ready'; readonly port: number; readonly token: string }
  | { readonly type: 'answer'; readonly id: number; readonly envelope: Envelope }
  | { readonly type: 'event'; readonly event: AnyEvent }
  | { readonly type: 'alive' }
  /** Core cannot start; it ends after this. */
  | { readonly type: 'failed'; readonly error: AppErrorShape };
