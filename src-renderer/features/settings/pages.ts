import type { Page } from '../../shell/page.ts';
import SettingsPage from './SettingsPage.svelte';

export const settingsPages: readonly Page[] = [{ path: 'settings', component: SettingsPage, section: 'settings' }];
