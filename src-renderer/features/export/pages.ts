import type { Page } from '../../shell/page.ts';
import ExportPage from './ExportPage.svelte';

export const exportPages: readonly Page[] = [{ path: 'exports', component: ExportPage, section: 'exports' }];
