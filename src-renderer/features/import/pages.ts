import type { Page } from '../../shell/page.ts';
import ImportPage from './ImportPage.svelte';

export const importPages: readonly Page[] = [
  { path: 'images/import', component: ImportPage, section: 'images', title: 'shell.import' },
];
