import type { I18n } from '../state/i18n.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import type { Query } from '../state/router.svelte.ts';
import type { Page, PageThing } from './page.ts';
import { findSection } from './pages.ts';

/** One word of the way to a page; `path` leads back there and is null for where one is. */
export interface Crumb {
  readonly text: string;
  readonly path: string | null;
}

/** Where a page is, with what its address says. */
export interface PageAddress {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
}

/** The way to a page below its project: the section, the thing that the page is about by its name, the page itself. */
export function crumbsOf(address: PageAddress, session: ProjectSession, i18n: I18n): readonly Crumb[] {
  const { page } = address;
  const section = findSection(page.section);
  const thing = page.thing ? findThing(page.thing, address, session, i18n) : null;
  const way = [
    section && { text: i18n.t(section.title), path: section.path },
    thing,
    page.title !== undefined && { text: i18n.t(page.title), path: null },
  ].filter((crumb) => crumb !== null && crumb !== undefined && crumb !== false);
  return way.map((crumb, index) => (index === way.length - 1 ? { ...crumb, path: null } : crumb));
}

/** Null as long as it is not known. */
function findThing(
  thing: PageThing,
  { params, query }: PageAddress,
  session: ProjectSession,
  i18n: I18n,
): Crumb | null {
  switch (thing) {
    case 'run': {
      const run = session.runs.find(params.runId ?? '');
      return run
        ? { text: i18n.t('shell.runCrumb', { number: run.number, name: run.name }), path: `runs/${run.id}` }
        : null;
    }
    case 'pipeline': {
      const pipeline = session.pipelines.shown(query.pipeline);
      return pipeline ? { text: pipeline.name, path: null } : null;
    }
    case 'image': {
      const image = session.dataset.imageById.get(params.imageId);
      return image ? { text: image.fileName, path: null } : null;
    }
  }
}
