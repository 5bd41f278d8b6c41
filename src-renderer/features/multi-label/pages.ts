import type { Page } from '../../shell/page.ts';
import CommandLinePage from './CommandLinePage.svelte';

/** What multi-label projects have in the place of pages that know only one class an image. */
export const multiLabelPages: readonly Page[] = [{ path: 'images', component: CommandLinePage, section: 'images' }];
