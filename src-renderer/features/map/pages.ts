import type { Page } from '../../shell/page.ts';
import MapPage from './MapPage.svelte';

export const mapPages: readonly Page[] = [
  { path: 'images/map', component: MapPage, section: 'images', title: 'map.title' },
];
