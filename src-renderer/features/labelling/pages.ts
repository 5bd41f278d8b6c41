import type { Page } from '../../shell/page.ts';
import TrashPage from './TrashPage.svelte';

export const labellingPages: readonly Page[] = [
  { path: 'images/trash', component: TrashPage, section: 'images', title: 'labelling.trash' },
];
