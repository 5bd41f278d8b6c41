import type { Page } from '../../shell/page.ts';
import ComparePage from './ComparePage.svelte';

/** Stands before the page of one run, whose path would take 'compare' for a run. */
export const comparePages: readonly Page[] = [
  { path: 'runs/compare', component: ComparePage, section: 'runs', title: 'compare.compare' },
];
