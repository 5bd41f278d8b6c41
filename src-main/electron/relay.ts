import { BrowserWindow, shell } from 'electron';
import * as v from 'valibot';
import {
  hostCommands,
  isHostCommandName,
  type AnyEvent,
  type Handlers,
  type HostCommandName,
} from '../../src-shared/contract/contract.ts';
import type { CoreStatus } from '../../src-shared/contract/host.contract.ts';
import { openAnswer } from '../../src-shared/contract/envelope.ts';
import { createDispatcher } from '../core/dispatcher.ts';
import type { Logger } from '../core/logger.ts';
import { folderTokenSchema } from '../../src-shared/domain/ids.ts';
import { callChannel, eventChannel } from './channels.ts';
import type { CoreProcess } from './core-process.ts';
import { pickFolder, pickSources } from './dialogs.ts';
import { handle } from './handle.ts';

/** Answers the page: what the host can do here, everything else by passing it to core. */
export function setUpRelay(core: CoreProcess, options: { readonly version: string; readonly logger: Logger }): void {
  const handlers = createElectronHostHandlers(core, options.version);
  const dispatchToHost = createDispatcher({ commands: hostCommands, handlers, logger: options.logger });
  handle(callChannel, async (name, input) => {
    const command = typeof name === 'string' ? name : '';
    return isHostCommandName(command) ? await dispatchToHost(command, input) : await core.call(command, input);
  });
}

/** Tells an event to every window. */
export function relayEvent(event: AnyEvent): void {
  for (const window of BrowserWindow.getAllWindows()) {
    if (!window.isDestroyed()) window.webContents.send(eventChannel, event);
  }
}

const grantedFolder = v.strictObject({ token: folderTokenSchema, name: v.string() });

/** Tells every window how core is. */
export function relayConnection(core: CoreStatus): void {
  relayEvent({ name: 'host.coreChanged', payload: { core } });
}

function createElectronHostHandlers(core: CoreProcess, version: string): Handlers<HostCommandName> {
  return {
    'host.describe': () => ({ kind: 'electron', hasNativeDialogs: true, version }),
    'host.pickFolder': async (input) => {
      const path = await pickFolder(input);
      return path === null ? null : openAnswer(grantedFolder, await core.grantFolder(path));
    },
    'host.pickSources': async ({ kind }) => {
      const granted = await Promise.all((await pickSources(kind)).map((path) => core.grantSource(path)));
      return granted.map((envelope) => openAnswer(grantedFolder, envelope));
    },
    'host.revealExport': async ({ projectId, exportId }) => {
      shell.showItemInFolder(openAnswer(v.string(), await core.exportFolder(projectId, exportId)));
      return { done: true };
    },
  };
}
