import { mkdir, mkdtemp, readdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { checkBinding, compileBinding, bindingFileName, hasCompiler } from './compile-binding.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { findInstalled, findPackages, writeRecord } from './installed-runtime.ts';
import { headerEntries, installedBytes, libraryEntries, pinnedWheelFor, type PinnedWheel } from './pinned-wheel.ts';
import { acquireLock } from './provision-lock.ts';
import { cacheFolder, runtimePlaces, type RuntimePlaces } from './runtime-cache.ts';
import { noCompiler, noRuntimeForPlatform, noSpace } from './runtime-errors.ts';
import type { RuntimeProgress, TensorFlowRuntime } from './runtime.ts';
import { unpackEntries } from './unpack-wheel.ts';
import { say } from '../../src-shared/domain/sentence.ts';

export interface EnsureOptions {
  onProgress?(progress: RuntimeProgress): void;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  /** Another wheel than the pinned one of this machine; tests bring a tiny one. */
  readonly wheel?: PinnedWheel;
  readonly tools?: ProvisionTools;
}

/** The two steps that need a real TensorFlow; tests with a tiny wheel bring their own. */
export interface ProvisionTools {
  readonly compileBinding: typeof compileBinding;
  readonly checkBinding: typeof checkBinding;
}

/**
 * Returns the TensorFlow runtime of this machine; the first time downloads it (about 270 MB), unpacks it into the per-user cache
 * (about 860 MB) and compiles its binding. Needs python3 with pip and g++, no administrator rights.
 *
 * Safe to call from several processes: one installs, the others wait. Safe to kill: a whole download is kept, anything else is done
 * again. Rejects with an `AppError` that says what is missing and what to do, or with the signal's reason when aborted.
 */
export async function ensureTensorFlowRuntime(options: EnsureOptions = {}): Promise<TensorFlowRuntime> {
  const setup = runtimeSetup(options);
  const report = (progress: RuntimeProgress): void => options.onProgress?.(progress);
  const found = await findInstalled(setup.places.folder, setup.packageRoot);
  if (found) return found;

  await mkdir(setup.places.root, { recursive: true });
  const lock = await acquireLock({ lockFile: setup.places.lock, signal: options.signal, onWait: report });
  try {
    const foundMeanwhile = await findInstalled(setup.places.folder, setup.packageRoot);
    if (foundMeanwhile) return foundMeanwhile;
    return await install(setup, (progress) => {
      lock.report(progress);
      report(progress);
    });
  } finally {
    await lock.release();
  }
}

/** Everything that an installation on this machine depends on. */
export interface RuntimeSetup {
  readonly wheel: PinnedWheel;
  readonly places: RuntimePlaces;
  readonly packageRoot: string;
  readonly nodeHeadersFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly tools: ProvisionTools;
  readonly signal: AbortSignal | undefined;
}

/** Gathers the setup, or throws an `AppError` where TensorFlow cannot be had at all. */
export function runtimeSetup(options: EnsureOptions): RuntimeSetup {
  const environment = options.environment ?? process.env;
  const wheel = options.wheel ?? pinnedWheelFor(process.platform, process.arch);
  if (!wheel)
    throw noRuntimeForPlatform(say('platformUnsupported', { platform: process.platform, architecture: process.arch }));
  if (!usesGlibc()) throw noRuntimeForPlatform(say('platformNoGlibc'));
  const packages = findPackages();
  if (!packages) throw noRuntimeForPlatform(say('platformNoPackage'));
  const { packageRoot, nodeHeadersFolder, packageVersion } = packages;
  const key = `${wheel.version}-${wheel.sha256.slice(0, 8)}-binding-${packageVersion}`;
  const tools = options.tools ?? { compileBinding, checkBinding };
  return {
    wheel,
    places: runtimePlaces(cacheFolder(environment), key),
    packageRoot,
    nodeHeadersFolder,
    environment,
    tools,
    signal: options.signal,
  };
}

/** Bytes that must be free before an installation starts: the wheel, what is unpacked, and a little air. */
export function neededBytes(wheel: PinnedWheel): number {
  return wheel.bytes + installedBytes + 100_000_000;
}

async function install(setup: RuntimeSetup, report: (progress: RuntimeProgress) => void): Promise<TensorFlowRuntime> {
  const { wheel, places, environment, signal, tools } = setup;
  await removeLeftovers(places);
  await checkSpace(wheel, places.root);
  // Asked first: nobody should wait for a download and then hear that the compiler is missing.
  if (tools.compileBinding === compileBinding && !(await hasCompiler(environment))) throw noCompiler();
  const workFolder = await mkdtemp(places.partialPrefix);
  try {
    report({ stage: 'downloading', value: 0, words: say('installDownloading', { version: wheel.version }) });
    const onBytes = (done: number): void => report(downloadProgress(wheel, done));
    const archivePath = await fetchWheel({
      wheel,
      downloads: places.downloads,
      workFolder,
      environment,
      signal,
      onBytes,
    });
    const entries = [...libraryEntries, ...headerEntries];
    await unpackEntries({
      archivePath,
      entries,
      folder: workFolder,
      signal,
      onBytes: (done, total) => report(unpackProgress(done, total)),
    });
    report({ stage: 'compiling', value: 0.85, words: say('installCompiling') });
    const { packageRoot, nodeHeadersFolder } = setup;
    const binding = await tools.compileBinding({
      packageRoot,
      nodeHeadersFolder,
      folder: workFolder,
      environment,
      signal,
    });
    report({ stage: 'checking', value: 0.97, words: say('installChecking') });
    await tools.checkBinding(binding, environment, signal);
    await writeRecord(workFolder, wheel.version, [...libraryEntries, bindingFileName]);
    await rm(path.join(workFolder, 'pip'), { recursive: true, force: true });
    await rm(places.folder, { recursive: true, force: true });
    await rename(workFolder, places.folder);
    await rm(archivePath, { force: true });
  } catch (error) {
    throw isDiskFull(error) ? noSpace(neededBytes(wheel), places.root) : error;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  report({ stage: 'ready', value: 1, words: say('installReady', { version: wheel.version }) });
  const runtime = await findInstalled(places.folder, setup.packageRoot);
  if (!runtime) throw new Error(`The runtime just installed in ${places.folder} is not whole`);
  return runtime;
}

function downloadProgress(wheel: PinnedWheel, done: number): RuntimeProgress {
  const bytes = { done: Math.min(done, wheel.bytes), total: wheel.bytes };
  return {
    stage: 'downloading',
    value: (0.6 * bytes.done) / bytes.total,
    words: say('installDownloading', { version: wheel.version }),
    bytes,
  };
}

function unpackProgress(done: number, total: number): RuntimeProgress {
  return {
    stage: 'unpacking',
    value: 0.62 + (0.23 * done) / total,
    words: say('installUnpacking'),
    bytes: { done, total },
  };
}

/** Removes what killed installations left; only the holder of the lock may. */
async function removeLeftovers(places: RuntimePlaces): Promise<void> {
  const prefix = path.basename(places.partialPrefix);
  const leftovers = (await readdir(places.root)).filter((name) => name.startsWith(prefix));
  for (const name of leftovers) await rm(path.join(places.root, name), { recursive: true, force: true });
}

async function checkSpace(wheel: PinnedWheel, folder: string): Promise<void> {
  const disk = await statfs(folder);
  if (disk.bavail * disk.bsize < neededBytes(wheel)) throw noSpace(neededBytes(wheel), folder);
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}

function usesGlibc(): boolean {
  if (process.platform !== 'linux') return true;
  const report: unknown = process.report.getReport();
  const isObject = typeof report === 'object' && report !== null && 'header' in report;
  return (
    isObject && typeof report.header === 'object' && report.header !== null && 'glibcVersionRuntime' in report.header
  );
}
