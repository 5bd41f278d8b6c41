import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { writeJsonDurably } from './durable-write.ts';

/** Where the features of one backbone and list of steps lie below a project's features folder. */
export interface FeaturePlace {
  /** The folder's name, which only who computes them can tell: it depends on the engine. */
  readonly set: string;
  /** Numbers an image. */
  readonly rowLength: number;
}

const indexSchema = v.record(v.string(), v.strictObject({ set: v.string(), rowLength: v.number() }));

/** The place noted under this name; null where none is, or the note cannot be read: a note only saves asking. */
export async function readFeaturePlace(cacheFolder: string, name: string): Promise<FeaturePlace | null> {
  return (await readIndex(cacheFolder))[name] ?? null;
}

/** Notes a place for later sessions. */
export async function writeFeaturePlace(cacheFolder: string, name: string, place: FeaturePlace): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  await writeJsonDurably(indexFile(cacheFolder), { ...(await readIndex(cacheFolder)), [name]: place });
}

async function readIndex(cacheFolder: string): Promise<Readonly<Record<string, FeaturePlace>>> {
  try {
    const parsed = v.safeParse(indexSchema, JSON.parse(await readFile(indexFile(cacheFolder), 'utf8')));
    return parsed.success ? parsed.output : {};
  } catch {
    return {};
  }
}

function indexFile(cacheFolder: string): string {
  return path.join(cacheFolder, 'feature-sets.json');
}
