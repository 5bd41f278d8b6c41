import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Handlers, HostCommandName } from '../../src-shared/contract/contract.ts';

/** What a browser tab can do of what a host can do. */
export function createBrowserHostHandlers(version: string): Handlers<HostCommandName> {
  return {
    'host.describe': () => ({ kind: 'browser', hasNativeDialogs: false, version }),
    'host.pickFolder': () => {
      throw new AppError('unsupported', 'A browser has no folder dialog of this machine; use the folder chooser.');
    },
    'host.pickSources': () => {
      throw new AppError(
        'unsupported',
        'A browser has no dialog of this machine; use the folder chooser, or upload files.',
      );
    },
    'host.revealExport': () => {
      throw new AppError('unsupported', 'A browser cannot open the file manager; download the zip instead.');
    },
  };
}
