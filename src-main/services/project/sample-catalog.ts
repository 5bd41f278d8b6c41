import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { sampleIdSchema, type Sample, type SampleId } from '../../../src-shared/contract/project.contract.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

const sampleFileSchema = v.object({ title: v.string(), credit: v.string() });
const coverLimit = 14;

interface SampleContent {
  readonly sample: Sample;
  /** Absolute paths of the pictures for the home page. */
  readonly cover: readonly string[];
}

/** The samples that come with this program, in assets/samples/<id>/(train|test)/<class>/*.png. */
export class SampleCatalog {
  readonly #root: string;
  readonly #contents = new Map<SampleId, Promise<SampleContent>>();

  constructor(assets: string) {
    this.#root = join(assets, 'samples');
  }

  folder(id: SampleId): string {
    return join(this.#root, id);
  }

  /** Those that are there; a copy of the program may come without. */
  async list(): Promise<readonly Sample[]> {
    const found = await Promise.all(sampleIdSchema.options.map((id) => this.#content(id).catch(() => null)));
    return found.flatMap((content) => (content ? [content.sample] : []));
  }

  /** Throws AppError 'not-found' when it did not come with the program. */
  async get(id: SampleId): Promise<Sample> {
    return (await this.#content(id)).sample;
  }

  /** The nth picture for the home page. Throws AppError 'not-found'. */
  async coverFile(id: SampleId, index: number): Promise<string> {
    const file = (await this.#content(id)).cover[index];
    if (file === undefined) throw new AppError('not-found', `The sample “${id}” has no picture ${index}.`);
    return file;
  }

  #content(id: SampleId): Promise<SampleContent> {
    const known = this.#contents.get(id);
    if (known) return known;
    const content = readContent(id, this.folder(id));
    this.#contents.set(id, content);
    content.catch(() => this.#contents.delete(id));
    return content;
  }
}

async function readContent(id: SampleId, folder: string): Promise<SampleContent> {
  const { title, credit } = await readSampleFile(id, folder);
  const classes = new Map<string, string[]>();
  for (const split of ['train', 'test']) {
    for (const name of await sortedNames(join(folder, split))) {
      const files = (await sortedNames(join(folder, split, name))).map((file) => join(folder, split, name, file));
      classes.set(name, [...(classes.get(name) ?? []), ...files]);
    }
  }
  const files = [...classes.values()];
  const sizes = await Promise.all(files.flat().map(async (file) => (await stat(file)).size));
  const cover = takeInTurn(files, coverLimit);
  return {
    sample: {
      id,
      title,
      credit,
      imageCount: sizes.length,
      classCount: classes.size,
      sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
      coverCount: cover.length,
    },
    cover,
  };
}

async function readSampleFile(id: SampleId, folder: string): Promise<v.InferOutput<typeof sampleFileSchema>> {
  try {
    return v.parse(sampleFileSchema, JSON.parse(await readFile(join(folder, 'sample.json'), 'utf8')));
  } catch (error) {
    throw new AppError('not-found', say('sampleMissing', { sample: id }), {
      cause: error,
    });
  }
}

async function sortedNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
}

/** The first of each list, then the second of each, and so on. */
function takeInTurn(lists: readonly (readonly string[])[], limit: number): readonly string[] {
  const taken: string[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let turn = 0; turn < longest && taken.length < limit; turn += 1) {
    taken.push(...lists.flatMap((list) => list.slice(turn, turn + 1)));
  }
  return taken.slice(0, limit);
}
