import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SettingsService } from '../../../../src-main/services/settings/settings-service.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

it('keeps settings over a restart, tells of changes, and starts from defaults where the file is missing or broken', async () => {
  const file = path.join(temporaryFolder(), 'config', 'settings.json');
  const told: unknown[] = [];
  const settings = new SettingsService({ file, emit: (name, payload) => void told.push([name, payload]) });
  const defaults = { language: 'system', theme: 'system' };
  const chosen = { language: 'zh-CN', theme: 'dark' } as const;
  expect(settings.getSync()).toEqual(defaults);
  await settings.set(chosen);
  expect(told).toEqual([['settings.changed', { settings: chosen }]]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ schemaVersion: 1, settings: chosen });
  expect(new SettingsService({ file, emit: () => undefined }).getSync()).toEqual(chosen);
  writeFileSync(file, '{"schemaVersion": 1, "settings": {"language": "klingon"}}');
  expect(settings.getSync()).toEqual(defaults);
});
