import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { SettingsService } from './settings-service.ts';

/** Answers the settings commands. */
export function createSettingsHandlers({
  settings,
}: {
  readonly settings: SettingsService;
}): Pick<Handlers, 'settings.get' | 'settings.set'> {
  return {
    'settings.get': () => settings.getSync(),
    'settings.set': (input) => settings.set(input),
  };
}
