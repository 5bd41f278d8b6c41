import { createHash } from 'node:crypto';
import { say } from '../../src-shared/domain/sentence.ts';
import { checkCard } from './check-card.ts';
import { checkBinding, compileBinding } from './compile-binding.ts';
import { cudaWheels } from './cuda-wheels.ts';
import { findPackages } from './installed-runtime.ts';
import { cudaBuild, pinnedWheelFor, processorBuild, type PinnedWheel, type RuntimeBuild } from './pinned-wheel.ts';
import { cacheFolder, runtimePlaces, type RuntimePlaces } from './runtime-cache.ts';
import { noRuntimeForPlatform } from './runtime-errors.ts';
import type { RuntimeProgress } from './runtime.ts';

export interface EnsureOptions {
  readonly onProgress?: (progress: RuntimeProgress) => void;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  /** Another wheel than the pinned one of this machine; tests bring a tiny one. */
  readonly wheel?: PinnedWheel;
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
  readonly signal: AbortSignal | undefined;
}

/** Gathers the setup for the processor, or throws an `AppError` where TensorFlow cannot be had at all. */
export function runtimeSetup(options: EnsureOptions): RuntimeSetup {
  const wheel = options.wheel ?? pinnedWheelFor(process.platform, process.arch);
  if (!wheel)
    throw noRuntimeForPlatform(say('platformUnsupported', { platform: process.platform, architecture: process.arch }));
  return setupFor(processorBuild(wheel), wheel.sha256.slice(0, 8), options);
}

/** Gathers the setup for NVIDIA's cards; null where their libraries are not for this machine. */
export function cudaSetup(options: EnsureOptions): RuntimeSetup | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const build = cudaBuild(options.cudaWheels ?? cudaWheels);
  const digest = createHash('sha256').update(build.wheels.map(({ sha256 }) => sha256).join());
  return setupFor(build, `cuda-${digest.digest('hex').slice(0, 8)}`, options);
}

function setupFor(build: RuntimeBuild, digest: string, options: EnsureOptions): RuntimeSetup {
  const environment = options.environment ?? process.env;
  if (!usesGlibc()) throw noRuntimeForPlatform(say('platformNoGlibc'));
  const packages = findPackages();
  if (!packages) throw noRuntimeForPlatform(say('platformNoPackage'));
  const { packageRoot, nodeHeadersFolder, packageVersion } = packages;
  const key = `${build.wheels[0].version}-${digest}-binding-${packageVersion}`;
  return {
    build,
    places: runtimePlaces(cacheFolder(environment), key),
    packageRoot,
    nodeHeadersFolder,
    environment,
    tools: options.tools ?? { compileBinding, checkBinding, checkCard },
    signal: options.signal,
  };
}

function usesGlibc(): boolean {
  if (process.platform !== 'linux') return true;
  const report: unknown = process.report.getReport();
  const isObject = typeof report === 'object' && report !== null && 'header' in report;
  return (
    isObject && typeof report.header === 'object' && report.header !== null && 'glibcVersionRuntime' in report.header
  );
}
