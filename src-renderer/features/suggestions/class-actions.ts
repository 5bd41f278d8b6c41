import { setLabel } from '../../actions/dataset-actions.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { Action } from '../../state/action-registry.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';

interface ClassActionParts {
  readonly app: App;
  readonly project: ProjectSession;
  readonly group: string;
  readonly isEnabled: boolean;
  /** Settles what is looked at by what the act does with its image. */
  readonly settle: (act: (judged: { readonly imageId: ImageId }) => Promise<void>) => void;
}

/** The keys of the classes, which give the image that is looked at another class than the one proposed. */
export function classActions({ app, project, group, isEnabled, settle }: ClassActionParts): readonly Action[] {
  const { dataset, view } = project;
  return dataset.classes.flatMap((one) => {
    const key = view.keys.keyOf(one.id);
    if (key === null) return [];
    return {
      id: `suggest.setClass.${one.id}`,
      title: app.i18n.t('images.setClass', { name: one.name }),
      group,
      keys: [key],
      isEnabled,
      run: () => settle(({ imageId }) => setLabel(app, project, dataset.table.rowsOf([imageId]), one.id)),
    };
  });
}
