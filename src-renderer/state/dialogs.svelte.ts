import type { DatasetClass } from '../../src-shared/domain/dataset.ts';
import type { FolderToken } from '../../src-shared/domain/ids.ts';
import type { BackboneImport } from './backbone-import.svelte.ts';

export type FolderPurpose = 'import' | 'open' | 'create' | 'model';

export interface ChosenFolder {
  readonly token: FolderToken;
  readonly name: string;
}

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What happens, as a verb: "Delete pipeline". */
  readonly confirmLabel: string;
  readonly isDangerous?: boolean;
}

/** The dialog on top, one object per kind. */
export type Dialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'new-project' }
  | { readonly kind: 'rename-project' }
  | { readonly kind: 'share-out' }
  | { readonly kind: 'class'; readonly one: DatasetClass }
  | { readonly kind: 'export-labels' }
  | { readonly kind: 'import-backbone'; readonly draft: BackboneImport }
  | {
      readonly kind: 'folder';
      readonly purpose: FolderPurpose;
      readonly answer: (folders: readonly ChosenFolder[]) => void;
    }
  | { readonly kind: 'question'; readonly question: Question; readonly answer: (isConfirmed: boolean) => void };

/** Dialogs, one at a time. */
export class Dialogs {
  current: Dialog | null = $state.raw(null);

  open(dialog: Dialog): void {
    this.close();
    this.current = dialog;
  }

  /** Closes the dialog; one that was asked for an answer answers no. */
  close(): void {
    const closing = this.current;
    this.current = null;
    if (closing?.kind === 'folder') closing.answer([]);
    if (closing?.kind === 'question') closing.answer(false);
  }

  /** Asks before what cannot be undone; undo is the better way where it is possible. */
  ask(question: Question): Promise<boolean> {
    return new Promise((resolve) => this.open({ kind: 'question', question, answer: resolve }));
  }

  /** Resolves with one folder, several where the purpose is to import, or none when the person closes the dialog. */
  chooseFolders(purpose: FolderPurpose): Promise<readonly ChosenFolder[]> {
    return new Promise((resolve) => this.open({ kind: 'folder', purpose, answer: resolve }));
  }
}
