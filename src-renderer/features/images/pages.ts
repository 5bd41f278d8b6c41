import type { Page } from '../../shell/page.ts';
import ImagesPage from './ImagesPage.svelte';
import OneImagePage from './OneImagePage.svelte';

export const imagesPages: readonly Page[] = [
  { path: 'images', component: ImagesPage, section: 'images' },
  { path: 'images/one/:imageId', component: OneImagePage, section: 'images', thing: 'image' },
];
