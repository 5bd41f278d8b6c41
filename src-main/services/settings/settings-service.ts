import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { settingsSchema, type Settings } from '../../../src-shared/contract/settings.contract.ts';
import type { Emit } from '../../core/ports.ts';
import { writeJsonDurably } from '../../storage/durable-write.ts';

const settingsFileSchema = v.strictObject({ schemaVersion: v.literal(1), settings: settingsSchema });
const defaultSettings: Settings = { language: 'system', theme: 'system' };

/** What this person chose on this machine, in settings.json. */
export class SettingsService {
  readonly #file: string;
  readonly #emit: Emit;

  constructor({ file, emit }: { readonly file: string; readonly emit: Emit }) {
    this.#file = file;
    this.#emit = emit;
  }

  /** The defaults when there is no file, or one that another version wrote. */
  getSync(): Settings {
    try {
      const parsed = v.safeParse(settingsFileSchema, JSON.parse(readFileSync(this.#file, 'utf8')));
      return parsed.success ? parsed.output.settings : defaultSettings;
    } catch {
      return defaultSettings;
    }
  }

  async set(settings: Settings): Promise<Settings> {
    await mkdir(dirname(this.#file), { recursive: true });
    await writeJsonDurably(this.#file, { schemaVersion: 1, settings });
    this.#emit('settings.changed', { settings });
    return settings;
  }
}
