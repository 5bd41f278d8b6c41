import type { Page } from '../../shell/page.ts';
import RunPage from './RunPage.svelte';
import RunsPage from './RunsPage.svelte';

export const runPages: readonly Page[] = [
  { path: 'runs', component: RunsPage, section: 'runs' },
  { path: 'runs/:runId', component: RunPage, section: 'runs', thing: 'run' },
];
