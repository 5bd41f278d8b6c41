import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import type { ChosenFolder } from '../../state/dialogs.svelte.ts';

/** What the person has entered for a new project; it outlives the dialog while the folder chooser takes its place. */
class NewProjectDraft {
  name = $state('');
  parent: ChosenFolder | null = $state.raw(null);
  labelling: Labelling = $state('single-label');

  clear(): void {
    this.name = '';
    this.parent = null;
    this.labelling = 'single-label';
  }
}

export const newProjectDraft = new NewProjectDraft();
