import Copy from '@lucide/svelte/icons/copy';
import Dices from '@lucide/svelte/icons/dices';
import Eye from '@lucide/svelte/icons/eye';
import Lock from '@lucide/svelte/icons/lock';
import Plus from '@lucide/svelte/icons/plus';
import Trash from '@lucide/svelte/icons/trash';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import type { Action } from '../../state/action-registry.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import type { PipelineEditor } from '../../state/pipeline-editor.svelte.ts';
import type { PreviewState } from '../../state/pipeline-preview.svelte.ts';
import type { MenuItem } from '../../ui/menu-item.ts';

export interface PipelineActionDeps {
  readonly app: App;
  readonly editor: PipelineEditor;
  readonly preview: PreviewState;
  readonly isReadOnly: boolean;
  readonly openAdd: () => void;
}

/** What can be done on the pipeline page: keys, palette and buttons. */
export function pipelineActions(deps: PipelineActionDeps): readonly Action[] {
  return [...stepActions(deps), ...drawActions(deps), ...historyActions(deps)];
}

function stepActions({ app, editor, isReadOnly, openAdd }: PipelineActionDeps): readonly Action[] {
  const { t } = app.i18n;
  const group = t('pipeline.group');
  const step = editor.selected;
  const onStep = (run: (step: PipelineStep) => void) => () => {
    if (step) run(step);
  };
  const edit = { group, isEnabled: !isReadOnly && step !== null };
  const moveUp = onStep((one) => editor.moveBy(one, -1));
  const moveDown = onStep((one) => editor.moveBy(one, 1));
  const duplicate = onStep((one) => editor.duplicate(one));
  const toggle = onStep((one) => editor.setEnabled(one, !one.isEnabled));
  const remove = onStep((one) => removeStep(app, editor, one));
  const add = { id: 'pipeline.add', title: t('pipeline.addStep'), group, keys: ['A'], icon: Plus };
  return [
    { ...add, isEnabled: !isReadOnly, run: openAdd },
    { ...edit, id: 'pipeline.moveUp', title: t('pipeline.moveUp'), keys: ['Alt+ArrowUp'], run: moveUp },
    { ...edit, id: 'pipeline.moveDown', title: t('pipeline.moveDown'), keys: ['Alt+ArrowDown'], run: moveDown },
    { ...edit, id: 'pipeline.duplicate', title: t('pipeline.duplicate'), keys: ['Mod+D'], icon: Copy, run: duplicate },
    { ...edit, id: 'pipeline.onOff', title: t('pipeline.onOff'), keys: ['E'], icon: Eye, run: toggle },
    { ...edit, id: 'pipeline.delete', title: t('pipeline.deleteStep'), keys: ['Delete'], icon: Trash, run: remove },
  ];
}

function drawActions({ app, preview }: PipelineActionDeps): readonly Action[] {
  const { t } = app.i18n;
  const group = t('pipeline.group');
  const freeze = (): void => {
    preview.isFrozen = !preview.isFrozen;
  };
  return [
    { id: 'pipeline.again', title: t('pipeline.again'), group, keys: ['R'], icon: Dices, run: () => preview.again() },
    { id: 'pipeline.freeze', title: t('pipeline.freeze'), group, keys: ['F'], icon: Lock, run: freeze },
  ];
}

/** These take undo's keys while the page is open: what a person changed last here is a step, not a label. */
function historyActions({ app, editor, isReadOnly }: PipelineActionDeps): readonly Action[] {
  const { t } = app.i18n;
  const shared = { group: t('pipeline.group'), claimsKeys: true };
  const undo = { ...shared, id: 'pipeline.undo', title: t('pipeline.undo'), keys: ['Mod+Z'] };
  const redo = { ...shared, id: 'pipeline.redo', title: t('pipeline.redo'), keys: ['Mod+Shift+Z', 'Mod+Y'] };
  return [
    { ...undo, isEnabled: !isReadOnly && editor.canUndo, run: () => editor.undo() },
    { ...redo, isEnabled: !isReadOnly && editor.canRedo, run: () => editor.redo() },
  ];
}

/** Deletes at once; the toast and undo bring it back. */
export function removeStep(app: App, editor: PipelineEditor, step: PipelineStep): void {
  editor.remove(step);
  app.toasts.show(app.i18n.t('pipeline.stepDeleted', { name: step.kind }), {
    action: { label: app.i18n.t('shell.undo'), keys: ['Mod+Z'], run: () => editor.undo() },
  });
}

/** The entries of a step's menu. */
export function stepMenu(app: App, editor: PipelineEditor, step: PipelineStep): readonly (MenuItem | null)[] {
  const { t } = app.i18n;
  return [
    { id: 'up', title: t('pipeline.moveUp'), chord: 'Alt+ArrowUp', run: () => editor.moveBy(step, -1) },
    { id: 'down', title: t('pipeline.moveDown'), chord: 'Alt+ArrowDown', run: () => editor.moveBy(step, 1) },
    { id: 'duplicate', title: t('pipeline.duplicate'), icon: Copy, chord: 'Mod+D', run: () => editor.duplicate(step) },
    {
      id: 'on-off',
      title: t(step.isEnabled ? 'pipeline.turnOff' : 'pipeline.turnOn'),
      icon: Eye,
      chord: 'E',
      run: () => editor.setEnabled(step, !step.isEnabled),
    },
    null,
    {
      id: 'delete',
      title: t('pipeline.deleteStep'),
      icon: Trash,
      chord: 'Delete',
      isDangerous: true,
      run: () => removeStep(app, editor, step),
    },
  ];
}
