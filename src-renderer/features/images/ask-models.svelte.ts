import { untrack } from 'svelte';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';

/** Asks core, as long as the component is there, for what the orders and filters of the address need to know from models. */
export function askModels(app: App, { view, model, suggestions }: ProjectSession): void {
  $effect(() => {
    if (view.sort === 'useful' && suggestions.version >= 0) void suggestions.loadQueue().catch(app.reportError);
  });
  $effect(() => {
    const judge = view.asksJudge ? model.judgeOf(view.query.by) : null;
    // Read, so that a head that had nothing to say is asked again when it has learned, and a new table is filled anew.
    if (judge === null || (suggestions.version < 0 && model.judged)) return;
    untrack(() => model.want(judge));
  });
  $effect(() => {
    const { like } = view.query;
    const image = view.sort === 'similar' && model.similar?.imageId !== like ? view.imageOf(like) : undefined;
    if (image) untrack(() => model.compareWith(image));
  });
}
