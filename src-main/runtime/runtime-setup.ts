import { createHash } from 'node:crypto';
import { say } from '../../src-shared/domain/sentence.ts';
import { checkCard } from './check-card.ts';
import { checkBinding, compileBinding, hasCompiler } from './compile-binding.ts';
import { cudaWheels } from './cuda-wheels.ts';
import { findPip } from './fetch-wheel.ts';
import { findPackages } from './installed-runtime.ts';
import { packageBuildFor } from './package-files.ts';
import { pinnedWheelFor, type PinnedWheel } from './pinned-wheel.ts';
import {
  chooseBuild,
  cudaBuild,
  fileNameOf,
  processorBuild,
  type BuildTools,
  type PackageBuild,
  type RuntimeBuild,
} from './runtime-build.ts';
import { cacheFolder, runtimePlaces, type RuntimePlaces } from './runtime-cache.ts';
import { noRuntimeForPlatform } from './runtime-errors.ts';
import type { RuntimeProgress } from './runtime.ts';

export interface EnsureOptions {
  readonly onProgress?: (progress: RuntimeProgress) => void;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  /** Another wheel than the pinned one of this machine; tests bring a tiny one. */
  readonly wheel?: PinnedWheel;
  /** Another build of the package than this machine's; tests bring a tiny one. With `wheel` or this one the pinned ones are left out. */
  readonly packageBuild?: PackageBuild;
  /** Other wheels than the pinned ones of the CUDA build; tests bring tiny ones. */
  readonly cudaWheels?: readonly PinnedWheel[];
  readonly tools?: ProvisionTools;
}

/** The steps that need a real TensorFlow; tests with a tiny wheel bring their own. */
export interface ProvisionTools {
  readonly compileBinding: typeof compileBinding;
  readonly checkBinding: typeof checkBinding;
  readonly checkCard: typeof checkCard;
}

/** Everything that an installation on this machine depends on. */
export interface RuntimeSetup {
  readonly build: RuntimeBuild;
  readonly places: RuntimePlaces;
  readonly packageRoot: string;
  readonly nodeHeadersFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly tools: ProvisionTools;
  /** File names of what any build of this Graft downloads. */
  readonly knownDownloads: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
}

/** A build for each way that TensorFlow can come to this machine for its processor, the better one first. */
export type ProcessorSetups = readonly [RuntimeSetup, ...RuntimeSetup[]];

/** Gathers the setups for the processor, or throws an `AppError` where TensorFlow cannot be had at all. */
export function processorSetups(options: EnsureOptions): ProcessorSetups {
  const [first, ...others] = processorBuilds(options).map((build) =>
    setupFor(build, (build.downloads[0].sha256 ?? 'unpinned').slice(0, 8), options),
  );
  if (first) return [first, ...others];
  throw noRuntimeForPlatform(say('platformUnsupported', { platform: process.platform, architecture: process.arch }));
}

function processorBuilds(options: EnsureOptions): readonly RuntimeBuild[] {
  const { platform, arch } = process;
  const isForTest = options.wheel !== undefined || options.packageBuild !== undefined;
  const wheel = isForTest ? options.wheel : pinnedWheelFor(platform, arch);
  const packageBuild = isForTest ? options.packageBuild : packageBuildFor(platform, arch);
  return [wheel && processorBuild(wheel), packageBuild].filter((build) => build !== undefined);
}

/** The setup that this machine's programs can install. */
export async function chooseSetup(setups: ProcessorSetups): Promise<RuntimeSetup> {
  return chooseBuild(setups, await findTools(setups[0]));
}

/** Looks for the programs that an installation may need. */
export async function findTools({ environment, signal, tools }: RuntimeSetup): Promise<BuildTools> {
  const [pip, isCompilerThere] = await Promise.all([findPip(environment, signal), hasCompiler(environment)]);
  return { hasPip: pip !== undefined, hasCompiler: isCompilerThere || tools.compileBinding !== compileBinding };
}

/** Gathers the setup for NVIDIA's cards; null where their libraries are not for this machine. */
export function cudaSetup(options: EnsureOptions): RuntimeSetup | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const build = cudaBuild(options.cudaWheels ?? cudaWheels);
  const digest = createHash('sha256').update(build.downloads.map(({ sha256 }) => sha256).join());
  return setupFor(build, `cuda-${digest.digest('hex').slice(0, 8)}`, options);
}

function setupFor(build: RuntimeBuild, digest: string, options: EnsureOptions): RuntimeSetup {
  const environment = options.environment ?? process.env;
  if (!usesGlibc()) throw noRuntimeForPlatform(say('platformNoGlibc'));
  const packages = findPackages();
  if (!packages) throw noRuntimeForPlatform(say('platformNoPackage'));
  const { packageRoot, nodeHeadersFolder, packageVersion } = packages;
  return {
    build,
    places: runtimePlaces(cacheFolder(environment), `${build.version}-${digest}-binding-${packageVersion}`),
    packageRoot,
    nodeHeadersFolder,
    environment,
    tools: options.tools ?? { compileBinding, checkBinding, checkCard },
    knownDownloads: knownDownloads(options),
    signal: options.signal,
  };
}

function knownDownloads(options: EnsureOptions): ReadonlySet<string> {
  const builds = [...processorBuilds(options), cudaBuild(options.cudaWheels ?? cudaWheels)];
  return new Set(builds.flatMap(({ downloads }) => downloads.map(fileNameOf)));
}

function usesGlibc(): boolean {
  if (process.platform !== 'linux') return true;
  const report: unknown = process.report.getReport();
  const isObject = typeof report === 'object' && report !== null && 'header' in report;
  return (
    isObject && typeof report.header === 'object' && report.header !== null && 'glibcVersionRuntime' in report.header
  );
}
