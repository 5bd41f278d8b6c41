import type { Client } from '../../src-shared/contract/contract.ts';

/** 'refused': the host was started again and does not know this page; only its new link opens a page that it does. */
export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused';

/** The client as the page needs it: a connection that may be lost and come back. */
export interface PageClient extends Client {
  /** Starts with 'connecting'. After 'lost' or 'refused', 'open' means: events were missed, whoever shows a snapshot asks for it again. */
  onConnection(listener: (status: ConnectionStatus) => void): () => void;
  close(): void;
}
