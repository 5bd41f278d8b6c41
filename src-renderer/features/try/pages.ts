import type { Page } from '../../shell/page.ts';
import TryPage from './TryPage.svelte';

export const tryPages: readonly Page[] = [
  { path: 'runs/:runId/try', component: TryPage, section: 'runs', thing: 'run', title: 'try.try' },
];
