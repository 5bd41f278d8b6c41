import type { ChosenFolder } from '../../state/dialogs.svelte.ts';

/** What the person has entered for a new project; it outlives the dialog while the folder chooser takes its place. */
class NewProjectDraft {
  name = $state('');
  parent: ChosenFolder | null = $state.raw(null);

  clear(): void {
    this.name = '';
    this.parent = null;
  }
}

export const newProjectDraft = new NewProjectDraft();
