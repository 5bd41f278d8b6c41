import { BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { CommandInput } from '../../src-shared/contract/contract.ts';

/** Lets the person choose a folder; null when they close the dialog. The path goes to core and never to the page. */
export async function pickFolder({ purpose }: CommandInput<'host.pickFolder'>): Promise<string | null> {
  const options: OpenDialogOptions = {
    properties: purpose === 'create' ? ['openDirectory', 'createDirectory'] : ['openDirectory'],
  };
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options);
  return canceled ? null : (filePaths[0] ?? null);
}
