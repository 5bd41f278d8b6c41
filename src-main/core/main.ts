import path from 'node:path';
import { startLoopback } from '../loopback/loopback.ts';
import { composeCore } from './compose.ts';
import type { FromCore, ToCore } from './core-protocol.ts';
import { createLogger } from './logger.ts';
import { createNodeProcessStarter } from './node-process-starter.ts';
import { appPaths, programVersion } from './paths.ts';
import { serveParent, type ParentChannel } from './serve-parent.ts';
import { toAppError } from './to-app-error.ts';

// The process that Electron main starts: a core, answering over the channel to its parent, with a loopback listener
// for bytes. It ends when it is told to, and when its parent is gone.

const channel: ParentChannel = {
  send: (message: FromCore) => {
    if (process.connected) process.send?.(message);
  },
  onMessage: (listener) => {
    const entry = (message: unknown): void => listener(message as ToCore);
    process.on('message', entry);
    return () => process.off('message', entry);
  },
};

async function main(): Promise<void> {
  const paths = appPaths(process.env);
  const now = (): Date => new Date();
  const logger = createLogger({ now, file: path.join(paths.config, 'logs', 'core.log') });
  process.on('uncaughtException', (error) => logger.error('Uncaught', error));
  process.on('unhandledRejection', (error) => logger.error('Unhandled', error));

  const version = programVersion();
  const processStarter = createNodeProcessStarter();
  const core = await composeCore({ paths, now, processStarter, version, access: 'write', logger });
  const loopback = await startLoopback({ core, port: 0, staticRoot: null });

  const stop = once(async () => {
    await loopback.close();
    await core.close();
    process.exit(0);
  });
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  // A terminal sends it to the whole group; the parent decides when to end.
  process.on('SIGINT', () => undefined);
  serveParent(channel, core, stop);
  channel.send({ type: 'ready', port: loopback.port, token: loopback.token });
}

function once(action: () => Promise<void>): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    void action();
  };
}

try {
  await main();
} catch (thrown) {
  channel.send({ type: 'failed', error: toAppError(thrown).error.toShape() });
  console.error(thrown);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
