import { readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as v from 'valibot';
import { bindingFileName } from './compile-binding.ts';
import type { RuntimePlaces } from './runtime-cache.ts';
import type { TensorFlowRuntime } from './runtime.ts';

const recordSchema = v.object({
  schemaVersion: v.literal(1),
  version: v.string(),
  /** Runtimes from before there were two are for the processor. */
  kind: v.optional(v.picklist(['cpu', 'cuda']), 'cpu'),
  /** Runtimes from before there were two ways came from a wheel. */
  way: v.optional(v.picklist(['wheel', 'package']), 'wheel'),
  /** Path of the binding below the folder. */
  binding: v.optional(v.string(), bindingFileName),
  /** Sizes of the files that make the runtime, by path below its folder: a cheap check that none is cut off. */
  files: v.record(v.string(), v.number()),
});

const recordName = 'runtime.json';
const npmPackage = '@tensorflow/tfjs-node-gpu';

/** Where npm put the JavaScript and the binding's sources, or undefined when it is not installed. */
export function findPackages():
  { readonly packageRoot: string; readonly nodeHeadersFolder: string; readonly packageVersion: string } | undefined {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`${npmPackage}/package.json`);
    const { version } = v.parse(v.object({ version: v.string() }), require(manifest));
    const headers = path.dirname(require.resolve('node-api-headers/package.json'));
    return {
      packageRoot: path.dirname(manifest),
      nodeHeadersFolder: path.join(headers, 'include'),
      packageVersion: version,
    };
  } catch {
    return undefined;
  }
}

/** Writes the record that makes a folder a finished runtime; the last thing before it gets its name. */
export async function writeRecord(
  folder: string,
  made: Pick<TensorFlowRuntime, 'version' | 'kind' | 'way'> & { readonly binding: string },
  relativePaths: readonly string[],
): Promise<void> {
  const sizes = await Promise.all(
    relativePaths.map(async (file) => [file, (await stat(path.join(folder, file))).size] as const),
  );
  const record: v.InferOutput<typeof recordSchema> = {
    schemaVersion: 1,
    ...made,
    files: Object.fromEntries(sizes),
  };
  await writeFile(path.join(folder, recordName), `${JSON.stringify(record, null, 2)}\n`);
}

/** The first of these that is installed. */
export async function findAnyInstalled(
  setups: readonly { readonly places: RuntimePlaces; readonly packageRoot: string }[],
): Promise<TensorFlowRuntime | undefined> {
  for (const { places, packageRoot } of setups) {
    const found = await findInstalled(places.folder, packageRoot);
    if (found) return found;
  }
  return undefined;
}

/** The runtime in this folder, or undefined when it is absent or any part of it is missing or cut off. */
export async function findInstalled(folder: string, packageRoot: string): Promise<TensorFlowRuntime | undefined> {
  const record = await readRecord(folder);
  if (!record) return undefined;
  for (const [file, size] of Object.entries(record.files)) {
    const actual = await stat(path.join(folder, file)).catch(() => undefined);
    if (actual?.size !== size) return undefined;
  }
  const { kind, way, version, binding } = record;
  return { kind, way, version, folder, bindingPath: path.join(folder, binding), packageRoot };
}

/** What the runtime in this folder computes on, whole or not; undefined where the folder holds none. */
export async function readKind(folder: string): Promise<TensorFlowRuntime['kind'] | undefined> {
  return (await readRecord(folder))?.kind;
}

async function readRecord(folder: string): Promise<v.InferOutput<typeof recordSchema> | undefined> {
  const text = await readFile(path.join(folder, recordName), 'utf8').catch(() => undefined);
  const record = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text);
  return record.success ? record.output : undefined;
}
