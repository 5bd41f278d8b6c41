import type { Page } from '../../shell/page.ts';
import CheckPage from './CheckPage.svelte';
import DatasetPage from './DatasetPage.svelte';
import GroupsPage from './GroupsPage.svelte';

export const datasetPages: readonly Page[] = [
  { path: 'dataset', component: DatasetPage, section: 'dataset' },
  { path: 'dataset/groups', component: GroupsPage, section: 'dataset', title: 'dataset.groups' },
  { path: 'dataset/checks/:check', component: CheckPage, section: 'dataset', title: 'dataset.check' },
];
