import path from 'node:path';
import { BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { CommandInput } from '../../src-shared/contract/contract.ts';

/** Lets the person choose a folder; null when they close the dialog. The path goes to core and never to the page. */
export async function pickFolder({ purpose }: CommandInput<'host.pickFolder'>): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, optionsFor(purpose))
    : await dialog.showOpenDialog(optionsFor(purpose));
  const [chosen] = filePaths;
  if (canceled || chosen === undefined) return null;
  return purpose === 'model' ? path.dirname(chosen) : chosen;
}

/** Lets the person choose what to import, several at once; empty when they close the dialog. */
export async function pickSources(kind: CommandInput<'host.pickSources'>['kind']): Promise<readonly string[]> {
  const window = BrowserWindow.getFocusedWindow();
  // No system but macOS has a dialog for both folders and files.
  const options: OpenDialogOptions = {
    properties: [kind === 'folders' ? 'openDirectory' : 'openFile', 'multiSelections'],
  };
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options);
  return canceled ? [] : filePaths;
}

/** A model is chosen by the file that people know it by: folder dialogs hide files on some systems. */
function optionsFor(purpose: CommandInput<'host.pickFolder'>['purpose']): OpenDialogOptions {
  if (purpose === 'model') {
    return { properties: ['openFile'], filters: [{ name: 'TF.js model (model.json)', extensions: ['json'] }] };
  }
  return { properties: purpose === 'create' ? ['openDirectory', 'createDirectory'] : ['openDirectory'] };
}
