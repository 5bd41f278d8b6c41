import type { Client } from '../../src-shared/contract/contract.ts';

/**
 * 'refused': the host was started again and does not know this page; only its new link opens a page that it does.
 * 'gone': core was lost too often; only starting Graft anew helps.
 */
export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused' | 'gone';

/** The client as the page needs it: a connection that may be lost and come back. */
export interface PageClient extends Client {
  /** Starts with how it is. After 'lost' or 'refused', 'open' means: events were missed, whoever shows a snapshot asks for it again. */
  onConnection(listener: (status: ConnectionStatus) => void): () => void;
  /** What a byte route sends, as it arrives; rejects with AppError. */
  openBytes(route: string): Promise<AsyncIterable<Uint8Array>>;
  close(): void;
}
