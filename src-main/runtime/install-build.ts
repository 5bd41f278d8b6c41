import { mkdtemp, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../src-shared/domain/sentence.ts';
import type { Report } from './assembly.ts';
import { assemblePackage } from './assemble-package.ts';
import { assembleWheels } from './assemble-wheels.ts';
import { findInstalled, writeRecord } from './installed-runtime.ts';
import { fileNameOf, needsCompiler } from './runtime-build.ts';
import { removeUnused } from './remove-unused.ts';
import { findTools, type RuntimeSetup } from './runtime-setup.ts';
import type { RuntimePlaces } from './runtime-cache.ts';
import { noCompiler, noSpace } from './runtime-errors.ts';
import type { TensorFlowRuntime } from './runtime.ts';

/** Bytes that must be free before an installation goes on: the downloads that are not there yet, what is unpacked, and a little air. */
export async function neededBytes({ build, places }: Pick<RuntimeSetup, 'build' | 'places'>): Promise<number> {
  const missing = await Promise.all(
    build.downloads.map(async (download) => {
      // A download gets its name when it is whole.
      const found = await stat(path.join(places.downloads, fileNameOf(download))).catch(() => undefined);
      return found ? 0 : download.bytes;
    }),
  );
  return missing.reduce((sum, bytes) => sum + bytes, build.installedBytes + 100_000_000);
}

/** Installs a build; only the holder of the lock may. Whole downloads are kept when a later step fails. */
export async function installBuild(setup: RuntimeSetup, report: Report): Promise<TensorFlowRuntime> {
  const { build, places, environment, signal, tools } = setup;
  const { version, kind, way } = build;
  await removeLeftovers(places);
  await checkSpace(setup);
  // Asked first: nobody should wait for a download and then hear that the compiler is missing.
  if (needsCompiler(build) && !(await findTools(setup)).hasCompiler) throw noCompiler();
  const workFolder = await mkdtemp(places.partialPrefix);
  try {
    const job = { setup, workFolder, report };
    const { archives, files, binding } =
      build.way === 'wheel' ? await assembleWheels(build, job) : await assemblePackage(build, job);
    report({ stage: 'checking', value: 0.97, words: say('installChecking') });
    await tools.checkBinding(path.join(workFolder, binding), environment, signal);
    await writeRecord(workFolder, { version, kind, way, binding }, [...files, binding]);
    await rm(places.folder, { recursive: true, force: true });
    await rename(workFolder, places.folder);
    for (const archive of archives) await rm(archive, { force: true });
    await removeUnused(setup);
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
