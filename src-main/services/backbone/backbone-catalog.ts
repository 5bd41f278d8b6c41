import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import {
  backboneNameSchema,
  backboneNames,
  backboneRecordSchema,
  isBundled,
  type BackboneName,
  type BackboneRecord,
} from '../../../src-shared/domain/backbone.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { fileError, systemCode } from '../../storage/file-error.ts';
import { hashOf } from './backbone-hash.ts';

/** A backbone's record and the folder with its files. */
export interface BackboneFiles {
  readonly record: BackboneRecord;
  readonly folder: string;
}

/** The folders that hold backbones, each in a folder of its name. */
interface BackboneFolders {
  /** Those that come with this program. */
  readonly bundled: string;
  /** Those that this person imported, for all their projects. */
  readonly imported: string;
}

/** The backbones of this program and this person. */
export function backboneCatalog({ assets, config }: { readonly assets: string; readonly config: string }) {
  return new BackboneCatalog({ bundled: join(assets, 'backbones'), imported: join(config, 'backbones') });
}

/** Finds backbones by name. */
export class BackboneCatalog {
  readonly #folders: BackboneFolders;
  readonly #known = new Map<BackboneName, Promise<BackboneFiles>>();

  constructor(folders: BackboneFolders) {
    this.#folders = folders;
  }

  /** Where imports go. */
  get importedFolder(): string {
    return this.#folders.imported;
  }

  /** The bundled ones, then the imported ones by title; an imported one that is damaged is told when it is asked for. */
  async list(): Promise<BackboneRecord[]> {
    const bundled = await Promise.all(backboneNames.map(async (name) => (await this.find(name)).record));
    const imported = await Promise.all((await this.#importedNames()).map((name) => this.#readable(name)));
    const records = imported.filter((record) => record !== null);
    return [...bundled, ...records.sort((a, b) => a.title.localeCompare(b.title, 'en'))];
  }

  /** Throws AppError 'not-found' when it did not come with the program, is not on this computer, or is not what its record says. */
  async find(name: BackboneName): Promise<BackboneFiles> {
    const known = this.#known.get(name);
    if (known) return known;
    const backbone = isBundled(name)
      ? readBackbone(name, join(this.#folders.bundled, name))
      : readImported(name, join(this.#folders.imported, name));
    this.#known.set(name, backbone);
    backbone.catch(() => this.#known.delete(name));
    return backbone;
  }

  /** Removes an imported one and its files. AppError conflict for a bundled one, not-found for one that is not here. */
  async remove(name: BackboneName): Promise<void> {
    if (isBundled(name)) throw new AppError('conflict', say('backboneBundled', { backbone: name }));
    if (!(await this.#importedNames()).includes(name)) {
      throw new AppError('not-found', say('importedBackboneMissing', { backbone: name }));
    }
    const folder = join(this.#folders.imported, name);
    this.#known.delete(name);
    try {
      await rm(folder, { recursive: true });
    } catch (error) {
      throw fileError(error, say('doingRemoveBackbone'), folder);
    }
  }

  async #importedNames(): Promise<readonly BackboneName[]> {
    try {
      return (await readdir(this.#folders.imported)).filter((name) => v.is(backboneNameSchema, name));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  async #readable(name: BackboneName): Promise<BackboneRecord | null> {
    try {
      return (await this.find(name)).record;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

async function readBackbone(name: BackboneName, folder: string): Promise<BackboneFiles> {
  try {
    return { record: await readRecord(name, folder), folder };
  } catch (error) {
    throw new AppError('not-found', say('backboneMissing', { backbone: name }), { cause: error });
  }
}

async function readImported(name: BackboneName, folder: string): Promise<BackboneFiles> {
  try {
    const record = await readRecord(name, folder);
    const [modelJson, weightsBin] = await Promise.all([
      readFile(join(folder, 'model.json'), 'utf8'),
      readFile(join(folder, 'weights.bin')),
    ]);
    if (hashOf({ modelJson, weightsBin }) !== record.sha256) throw new Error('The files are not those of the record');
    return { record, folder };
  } catch (error) {
    throw new AppError('not-found', say('importedBackboneMissing', { backbone: name }), { cause: error });
  }
}

async function readRecord(name: BackboneName, folder: string): Promise<BackboneRecord> {
  const record = v.parse(backboneRecordSchema, JSON.parse(await readFile(join(folder, 'backbone.json'), 'utf8')));
  if (record.name !== name) throw new Error(`Expected ‹${name}› for ‹name›, received ‹${record.name}›`);
  return record;
}
