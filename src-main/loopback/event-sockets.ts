import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { EventSource } from '../core/event-hub.ts';

/** The page sends nothing over this socket; what it sends all the same is dropped, and this much ends the socket. */
const maxPayloadBytes = 64 * 1024;
/** A page that cannot keep up is cut off; it connects again and asks for snapshots. */
const maxBufferedBytes = 16 * 1024 * 1024;
const maxSockets = 32;
const heartbeatMs = 15_000;

/** The sockets that events go out on. */
export interface EventSockets {
  /** Takes over a connection whose request has passed every check. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** Pushes every event, in order, to every open socket. */
export function createEventSockets(events: EventSource): EventSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxPayloadBytes, perMessageDeflate: false });
  const hasAnswered = new WeakMap<WebSocket, boolean>();

  const stopListening = events.onAny((event) => {
    if (server.clients.size === 0) return;
    const message = JSON.stringify(event);
    for (const client of server.clients) {
      if (client.bufferedAmount > maxBufferedBytes) client.terminate();
      else client.send(message);
    }
  });

  const heartbeat = setInterval(() => {
    for (const client of server.clients) {
      if (hasAnswered.get(client) === false) client.terminate();
      hasAnswered.set(client, false);
      client.ping();
    }
  }, heartbeatMs);
  heartbeat.unref();

  function welcome(client: WebSocket): void {
    client.on('pong', () => hasAnswered.set(client, true));
    // A broken frame or a reset connection: ws closes the socket itself, the page connects again.
    client.on('error', () => undefined);
  }

  return {
    accept(request, socket, head) {
      if (server.clients.size >= maxSockets) socket.destroy();
      else server.handleUpgrade(request, socket, head, welcome);
    },
    close() {
      stopListening();
      clearInterval(heartbeat);
      for (const client of server.clients) client.close(1001, 'Graft is closing');
      server.close();
    },
  };
}
