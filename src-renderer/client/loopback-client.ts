import { AppError } from '../../src-shared/contract/app-error.ts';
import type { CommandName } from '../../src-shared/contract/contract.ts';
import { openEnvelope } from '../../src-shared/contract/envelope.ts';
import { createClient } from '../../src-shared/contract/create-client.ts';
import { openBytes } from './open-bytes.ts';
import type { ConnectionStatus, PageClient } from './page-client.ts';

const firstRetryMs = 250;
const lastRetryMs = 4000;

/** Talks to the loopback host on the page's own origin: commands by POST, events over one WebSocket that reconnects. */
export function createLoopbackClient(): PageClient {
  const messageListeners = new Set<(message: unknown) => void>();
  const socket = keepSocketOpen((message) => {
    for (const listener of messageListeners) listener(message);
  });
  const client = createClient({
    call: post,
    onEvent: (listener) => {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
  });
  return { ...client, openBytes, onConnection: socket.onStatus, close: socket.close };
}

async function post(name: CommandName, input: unknown): Promise<unknown> {
  try {
    const response = await fetch(`/rpc/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return await response.json();
  } catch (cause) {
    throw new AppError('connection-lost', 'Graft does not answer.', { retry: true, cause });
  }
}

/** Whether the host answers and does not know this page; a socket that is refused does not say why. */
async function isRefused(): Promise<boolean> {
  try {
    openEnvelope('host.describe', await post('host.describe', {}));
    return false;
  } catch (error) {
    return error instanceof AppError && error.code === 'not-allowed';
  }
}

interface KeptSocket {
  readonly onStatus: (listener: (status: ConnectionStatus) => void) => () => void;
  readonly close: () => void;
}

function keepSocketOpen(receive: (message: unknown) => void): KeptSocket {
  const statusListeners = new Set<(status: ConnectionStatus) => void>();
  let status: ConnectionStatus = 'connecting';
  let retryMs = firstRetryMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let socket = connect();

  function setStatus(next: ConnectionStatus): void {
    if (status === next) return;
    status = next;
    for (const listener of statusListeners) listener(next);
  }

  function connect(): WebSocket {
    const opened = new WebSocket(new URL('/events', location.href.replace(/^http/u, 'ws')));
    opened.addEventListener('open', () => {
      retryMs = firstRetryMs;
      setStatus('open');
    });
    opened.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') receive(JSON.parse(data));
    });
    opened.addEventListener('close', () => {
      if (isClosed) return;
      if (status !== 'refused') setStatus('lost');
      void isRefused().then((isOne) => isOne && !isClosed && status === 'lost' && setStatus('refused'));
      timer = setTimeout(() => {
        socket = connect();
      }, retryMs);
      retryMs = Math.min(lastRetryMs, retryMs * 2);
    });
    return opened;
  }

  return {
    onStatus(listener) {
      statusListeners.add(listener);
      listener(status);
      return () => statusListeners.delete(listener);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
