import * as v from 'valibot';
import { settingsSchema, type Settings } from '../../src-shared/contract/settings.contract.ts';
import type { PageClient } from '../client/page-client.ts';
import { systemLanguage, type I18n } from './i18n.svelte.ts';

const storageKey = 'graft.settings';

/** Language and theme. The last ones are also kept in the browser, so that the first paint already has them. */
export class SettingsState {
  current: Settings = $state.raw({ language: 'system', theme: 'system' });
  readonly #client: PageClient;
  readonly #i18n: I18n;

  constructor(client: PageClient, i18n: I18n) {
    this.#client = client;
    this.#i18n = i18n;
    this.#apply(readStored());
  }

  start(): () => void {
    return this.#client.on('settings.changed', ({ settings }) => this.#apply(settings));
  }

  async load(): Promise<void> {
    this.#apply(await this.#client.call('settings.get', {}));
  }

  async change(part: Partial<Settings>): Promise<void> {
    const next = { ...this.current, ...part };
    this.#apply(next);
    this.#apply(await this.#client.call('settings.set', next));
  }

  #apply(settings: Settings): void {
    this.current = settings;
    this.#i18n.language = settings.language === 'system' ? systemLanguage(navigator.languages) : settings.language;
    const root = document.documentElement;
    root.lang = this.#i18n.language;
    if (settings.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = settings.theme;
    localStorage.setItem(storageKey, JSON.stringify(settings));
  }
}

function readStored(): Settings {
  try {
    return v.parse(settingsSchema, JSON.parse(localStorage.getItem(storageKey) ?? ''));
  } catch {
    // Nothing stored yet, or of an older version: core tells in a moment.
    return { language: 'system', theme: 'system' };
  }
}
