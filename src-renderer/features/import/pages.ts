import type { Page } from '../../shell/page.ts';
import ImportPage from './ImportPage.svelte';
import ListPage from './ListPage.svelte';
import OtherProjectPage from './OtherProjectPage.svelte';

export const importPages: readonly Page[] = [
  { path: 'images/import', component: ImportPage, section: 'images', title: 'shell.import' },
  { path: 'images/import/list', component: ListPage, section: 'images', title: 'import.list' },
  { path: 'images/import/project', component: OtherProjectPage, section: 'images', title: 'import.otherProject' },
];
