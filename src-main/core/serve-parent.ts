import * as v from 'valibot';
import type { Envelope } from '../../src-shared/contract/envelope.ts';
import { exportIdSchema, projectIdSchema } from '../../src-shared/domain/ids.ts';
import type { FromCore, ToCore } from './core-protocol.ts';
import type { Core } from './core.ts';
import { toAppError } from './to-app-error.ts';

/** The channel to the process that started this one. */
export interface ParentChannel {
  send(message: FromCore): void;
  onMessage(listener: (message: ToCore) => void): () => void;
}

/**
 * Answers a parent's messages with a core and passes every event on, until it is told to stop; then calls `stop` once.
 */
export function serveParent(channel: ParentChannel, core: Core, stop: () => void): void {
  const stopEvents = core.events.onAny((event) => channel.send({ type: 'event', event }));
  const stopMessages = channel.onMessage((message) => {
    switch (message.type) {
      case 'ping':
        channel.send({ type: 'alive' });
        return;
      case 'stop':
        stopEvents();
        stopMessages();
        stop();
        return;
      case 'call':
      case 'grantFolder':
      case 'grantSource':
      case 'exportFolder':
        void answer(core, message).then((envelope) => channel.send({ type: 'answer', id: message.id, envelope }));
    }
  });
}

async function answer(core: Core, message: Exclude<ToCore, { type: 'ping' | 'stop' }>): Promise<Envelope> {
  try {
    switch (message.type) {
      case 'call':
        return await core.dispatch(message.name, message.input);
      case 'grantFolder':
        return { ok: true, value: await core.host.grantFolder(message.path) };
      case 'grantSource':
        return { ok: true, value: await core.host.grantSource(message.path) };
      case 'exportFolder': {
        const projectId = v.parse(projectIdSchema, message.projectId);
        const exportId = v.parse(exportIdSchema, message.exportId);
        return { ok: true, value: await core.host.exportFolder(projectId, exportId) };
      }
    }
  } catch (thrown) {
    const { error, isBug } = toAppError(thrown);
    if (isBug) core.logger.error(`${message.type} failed`, thrown);
    return { ok: false, error: error.toShape() };
  }
}
