import { mkdtemp, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../src-shared/domain/sentence.ts';
import { bindingFileName, compileBinding, hasCompiler } from './compile-binding.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { findInstalled, writeRecord } from './installed-runtime.ts';
import { bytesOf, headerEntries, libraryEntries, nvidiaLibraries } from './pinned-wheel.ts';
import type { RuntimeSetup } from './runtime-setup.ts';
import type { RuntimePlaces } from './runtime-cache.ts';
import { noCompiler, noSpace } from './runtime-errors.ts';
import type { RuntimeProgress, TensorFlowRuntime } from './runtime.ts';
import { unpackEntries } from './unpack-wheel.ts';

type Report = (progress: RuntimeProgress) => void;

/** Bytes that must be free before an installation goes on: the wheels that are not there yet, what is unpacked, and a little air. */
export async function neededBytes({ build, places }: Pick<RuntimeSetup, 'build' | 'places'>): Promise<number> {
  const missing = await Promise.all(
    build.wheels.map(async ({ fileName, bytes }) => {
      // A download gets its name when it is whole.
      const found = await stat(path.join(places.downloads, fileName)).catch(() => undefined);
      return found ? 0 : bytes;
    }),
  );
  return missing.reduce((sum, bytes) => sum + bytes, build.installedBytes + 100_000_000);
}

/** Installs a build from its wheels; only the holder of the lock may. Whole downloads are kept when a later step fails. */
export async function installBuild(setup: RuntimeSetup, report: Report): Promise<TensorFlowRuntime> {
  const { build, places, environment, signal, tools } = setup;
  const [{ version }] = build.wheels;
  await removeLeftovers(places);
  await checkSpace(setup);
  // Asked first: nobody should wait for a download and then hear that the compiler is missing.
  if (tools.compileBinding === compileBinding && !(await hasCompiler(environment))) throw noCompiler();
  const workFolder = await mkdtemp(places.partialPrefix);
  try {
    const archives = await fetchAll(setup, workFolder, report);
    const files = await unpackAll(setup, { archives, workFolder }, report);
    report({ stage: 'compiling', value: 0.85, words: say('installCompiling') });
    const { packageRoot, nodeHeadersFolder } = setup;
    const binding = await tools.compileBinding({
      ...{ packageRoot, nodeHeadersFolder, folder: workFolder },
      ...{ environment, signal },
    });
    report({ stage: 'checking', value: 0.97, words: say('installChecking') });
    await tools.checkBinding(binding, environment, signal);
    await writeRecord(workFolder, { version, kind: build.kind }, [...files, bindingFileName]);
    await rm(path.join(workFolder, 'pip'), { recursive: true, force: true });
    await rm(places.folder, { recursive: true, force: true });
    await rename(workFolder, places.folder);
    for (const archive of archives) await rm(archive, { force: true });
  } catch (error) {
    throw isDiskFull(error) ? noSpace(await neededBytes(setup), places.root) : error;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  const runtime = await findInstalled(places.folder, setup.packageRoot);
  if (!runtime) throw new Error(`The runtime just installed in ${places.folder} is not whole`);
  report({ stage: 'ready', value: 1, words: say('installReady', { version }) });
  return runtime;
}

/** One wheel after the other; those that are there whole from an earlier try are not fetched again. */
async function fetchAll(setup: RuntimeSetup, workFolder: string, report: Report): Promise<readonly string[]> {
  const { build, places, environment, signal } = setup;
  const total = bytesOf(build.wheels);
  const words = say('installDownloading', { version: build.wheels[0].version });
  const archives: string[] = [];
  let before = 0;
  for (const wheel of build.wheels) {
    const tell = (done: number): void => {
      const bytes = { done: before + Math.min(done, wheel.bytes), total };
      report({ stage: 'downloading', value: (0.6 * bytes.done) / total, words, bytes });
    };
    tell(0);
    const { downloads } = places;
    archives.push(await fetchWheel({ wheel, downloads, workFolder, environment, signal, onBytes: tell }));
    before += wheel.bytes;
  }
  return archives;
}

interface Unpacking {
  readonly archives: readonly string[];
  readonly workFolder: string;
}

/** Returns the libraries, by their paths below the folder. */
async function unpackAll({ build, signal }: RuntimeSetup, { archives, workFolder }: Unpacking, report: Report) {
  const files: string[] = [];
  for (const [index, archivePath] of archives.entries()) {
    const sizes = await unpackEntries({
      ...(index === 0
        ? { entries: [...libraryEntries, ...headerEntries] }
        : { entries: [], alsoTakes: nvidiaLibraries }),
      ...{ archivePath, folder: workFolder, signal },
      onBytes: (done, total) =>
        report({
          ...{ stage: 'unpacking', words: say('installUnpacking'), bytes: { done, total } },
          value: 0.62 + (0.23 * (index + done / total)) / build.wheels.length,
        }),
    });
    files.push(...(index === 0 ? libraryEntries : sizes.keys()));
  }
  return files;
}

/** Removes what killed installations left; only the holder of the lock may. */
async function removeLeftovers(places: RuntimePlaces): Promise<void> {
  const prefix = path.basename(places.partialPrefix);
  const leftovers = (await readdir(places.root)).filter((name) => name.startsWith(prefix));
  for (const name of leftovers) await rm(path.join(places.root, name), { recursive: true, force: true });
}

async function checkSpace(setup: RuntimeSetup): Promise<void> {
  const { root } = setup.places;
  const [disk, needed] = await Promise.all([statfs(root), neededBytes(setup)]);
  if (disk.bavail * disk.bsize < needed) throw noSpace(needed, root);
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
