import type { Page } from '../../shell/page.ts';
import NewRunPage from './NewRunPage.svelte';

/** Listed before the runs' own pages: 'runs/new' would be a run's address too. */
export const newRunPages: readonly Page[] = [
  { path: 'runs/new', component: NewRunPage, section: 'runs', title: 'recipe.newRun' },
];
