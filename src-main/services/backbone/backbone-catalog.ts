import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import {
  backboneNames,
  backboneRecordSchema,
  type BackboneName,
  type BackboneRecord,
} from '../../../src-shared/domain/backbone.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

/** A backbone's record and the folder with its files. */
export interface BundledBackbone {
  readonly record: BackboneRecord;
  readonly folder: string;
}

/** The backbones that come with this program, in assets/backbones/<name>/. */
export class BackboneCatalog {
  readonly #root: string;
  readonly #known = new Map<BackboneName, Promise<BundledBackbone>>();

  constructor(assets: string) {
    this.#root = join(assets, 'backbones');
  }

  async list(): Promise<BackboneRecord[]> {
    return Promise.all(backboneNames.map(async (name) => (await this.find(name)).record));
  }

  /** Throws AppError 'not-found' when it did not come with the program or its record is not as expected. */
  async find(name: BackboneName): Promise<BundledBackbone> {
    const known = this.#known.get(name);
    if (known) return known;
    const backbone = readBackbone(name, join(this.#root, name));
    this.#known.set(name, backbone);
    backbone.catch(() => this.#known.delete(name));
    return backbone;
  }
}

async function readBackbone(name: BackboneName, folder: string): Promise<BundledBackbone> {
  try {
    const record = v.parse(backboneRecordSchema, JSON.parse(await readFile(join(folder, 'backbone.json'), 'utf8')));
    if (record.name !== name) throw new Error(`Expected ‹${name}› for ‹name›, received ‹${record.name}›`);
    return { record, folder };
  } catch (error) {
    throw new AppError('not-found', say('backboneMissing', { backbone: name }), {
      cause: error,
    });
  }
}
