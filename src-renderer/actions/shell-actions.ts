import Command from '@lucide/svelte/icons/search';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Languages from '@lucide/svelte/icons/languages';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import House from '@lucide/svelte/icons/house';
import Settings2 from '@lucide/svelte/icons/settings-2';
import { focusNextRegion } from '../shell/regions.ts';
import type { Action } from '../state/action-registry.svelte.ts';
import type { App } from '../state/app.svelte.ts';

/** What can be done everywhere. */
export function shellActions(app: App): readonly Action[] {
  const { t, language } = app.i18n;
  const group = t('shell.groupApp');
  const isDark = isShownDark(app.settings.current.theme);
  return [
    {
      id: 'shell.palette',
      title: t('shell.searchOrRun'),
      group,
      keys: ['Mod+K'],
      icon: Command,
      isQuiet: true,
      run: () => app.dialogs.open({ kind: 'palette' }),
    },
    {
      id: 'shell.shortcuts',
      title: t('shell.shortcuts'),
      group,
      keys: ['?'],
      icon: Keyboard,
      run: () => app.dialogs.open({ kind: 'shortcuts' }),
    },
    {
      id: 'shell.nextRegion',
      title: t('shell.nextRegion'),
      group,
      keys: ['F6'],
      isQuiet: true,
      run: () => focusNextRegion(document),
    },
    {
      id: 'shell.home',
      title: t('shell.home'),
      group: t('shell.groupGo'),
      icon: House,
      run: () => app.router.goTo(null, ''),
    },
    {
      id: 'shell.settings',
      title: t('shell.settings'),
      group: t('shell.groupGo'),
      keys: ['Mod+,'],
      icon: Settings2,
      run: () => app.router.go('settings'),
    },
    {
      id: 'shell.theme',
      title: t(isDark ? 'shell.themeLight' : 'shell.themeDark'),
      group,
      icon: SunMoon,
      run: () => void app.settings.change({ theme: isDark ? 'light' : 'dark' }).catch(app.reportError),
    },
    {
      id: 'shell.language',
      title: t(language === 'en' ? 'shell.languageChinese' : 'shell.languageEnglish'),
      group,
      icon: Languages,
      run: () => void app.settings.change({ language: language === 'en' ? 'zh-CN' : 'en' }).catch(app.reportError),
    },
  ];
}

function isShownDark(theme: 'system' | 'light' | 'dark'): boolean {
  return theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}
