import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Core } from '../core/core.ts';
import { createEventSockets } from './event-sockets.ts';
import { createRequestHandler, mayUpgrade } from './request-handler.ts';
import { createEntrySecrets, createSecret } from './secrets.ts';

/** A running loopback server. */
export interface Loopback {
  /** Where it is, e.g. http://127.0.0.1:8471. */
  readonly url: string;
  readonly port: number;
  /** A fresh link each time it is read; each opens the app once and leaves a cookie. */
  readonly urlWithToken: string;
  /** The session token, for the `x-graft-token` header. */
  readonly token: string;
  close(): Promise<void>;
}

const address = '127.0.0.1';
const closeGraceMs = 1_000;
/** A large file over a slow tunnel. */
const requestTimeoutMs = 15 * 60_000;

/**
 * Serves one core on this machine's loopback address, and on no other: a remote machine is reached by
 * `ssh -L <port>:127.0.0.1:<port>`, with the same port on both sides.
 *
 * `port` 0 takes a free one. Without a `staticRoot` (the built page) only the byte routes are served, for Electron.
 */
export async function startLoopback(options: {
  readonly core: Core;
  readonly port: number;
  readonly staticRoot: string | null;
}): Promise<Loopback> {
  const { core, staticRoot } = options;
  const token = createSecret();
  const entry = createEntrySecrets();
  const server = createServer({ requestTimeout: requestTimeoutMs });
  const port = await listen(server, options.port);
  const gate = { port, token };
  const handle = createRequestHandler({ core, staticRoot, gate, entry });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void handle(request, response));

  const sockets = createEventSockets(core.events);
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (staticRoot !== null && mayUpgrade(request, gate)) sockets.accept(request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });

  const url = `http://${address}:${port}`;
  return {
    url,
    port,
    token,
    get urlWithToken() {
      return `${url}/?token=${entry.issue()}`;
    },
    close: async () => {
      sockets.close();
      await closeServer(server);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen({ host: address, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    if (!isTaken) throw cause;
    throw new AppError('conflict', `Port ${port} is in use; choose another one with --port.`, { cause });
  }
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port.');
  return bound.port;
}

/** Lets answers under way finish for a moment, then ends what is left. */
async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await closed;
  clearTimeout(timer);
}
