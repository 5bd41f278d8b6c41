import ChartLine from '@lucide/svelte/icons/chart-line';
import Database from '@lucide/svelte/icons/database';
import Images from '@lucide/svelte/icons/images';
import PackageCheck from '@lucide/svelte/icons/package-check';
import Settings2 from '@lucide/svelte/icons/settings-2';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import { cameraPages } from '../features/camera/pages.ts';
import { comparePages } from '../features/compare/pages.ts';
import { datasetPages } from '../features/dataset/pages.ts';
import { exportPages } from '../features/export/pages.ts';
import { imagesPages } from '../features/images/pages.ts';
import { importPages } from '../features/import/pages.ts';
import { mapPages } from '../features/map/pages.ts';
import { labellingPages } from '../features/labelling/pages.ts';
import { newRunPages } from '../features/new-run/pages.ts';
import { pipelinePages } from '../features/pipeline/pages.ts';
import { runPages } from '../features/run/pages.ts';
import { settingsPages } from '../features/settings/pages.ts';
import { suggestionPages } from '../features/suggestions/pages.ts';
import { tryPages } from '../features/try/pages.ts';
import type { Page, Section, SectionId } from './page.ts';

/** Every page of a project. A feature adds its own list here. */
const everyPage: readonly Page[] = [
  ...comparePages,
  ...tryPages,
  ...exportPages,
  ...imagesPages,
  ...mapPages,
  ...labellingPages,
  ...datasetPages,
  ...importPages,
  ...cameraPages,
  ...suggestionPages,
  ...pipelinePages,
  ...newRunPages,
  ...runPages,
  ...settingsPages,
];

const everySection: readonly Section[] = [
  { id: 'images', path: 'images', title: 'shell.images', icon: Images },
  { id: 'dataset', path: 'dataset', title: 'shell.dataset', icon: Database },
  { id: 'pipelines', path: 'pipelines', title: 'shell.pipelines', icon: Waypoints },
  { id: 'runs', path: 'runs', title: 'shell.runs', icon: ChartLine },
  { id: 'exports', path: 'exports', title: 'shell.exports', icon: PackageCheck },
  { id: 'settings', path: 'settings', title: 'shell.settings', icon: Settings2 },
];

/** The pages of each kind of project. */
const pagesOf: Readonly<Record<Labelling, readonly Page[]>> = {
  'single-label': everyPage,
  'multi-label': [
    ...imagesPages,
    ...labellingPages,
    ...importPages.filter(({ path }) => path !== 'images/import/project'),
    ...settingsPages,
  ],
};

/** The rail of a project: only what there is. */
export function sectionsOf(labelling: Labelling): readonly Section[] {
  return everySection.filter(({ path }) => pagesOf[labelling].some((page) => page.path === path));
}

export function findSection(id: SectionId): Section | undefined {
  return everySection.find((section) => section.id === id);
}

/** The page at a path and what its address says; undefined when there is none. */
export function findPage(
  path: string,
  labelling: Labelling,
): { readonly page: Page; readonly params: Record<string, string> } | undefined {
  for (const page of pagesOf[labelling]) {
    const params = matchPath(page.path, path);
    if (params) return { page, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':') && part !== '') params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}
