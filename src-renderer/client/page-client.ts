import type { Client } from '../../src-shared/contract/contract.ts';

export type ConnectionStatus = 'connecting' | 'open' | 'lost';

/** The client as the page needs it: a connection that may be lost and come back. */
export interface PageClient extends Client {
  /** Starts with 'connecting'. After 'lost', 'open' means: events were missed, whoever shows a snapshot asks for it again. */
  onConnection(listener: (status: ConnectionStatus) => void): () => void;
  close(): void;
}
