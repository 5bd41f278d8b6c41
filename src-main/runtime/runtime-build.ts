import type { PinnedWheel } from './pinned-wheel.ts';
import type { TensorFlowRuntime } from './runtime.ts';

/** A file of the place that the npm package's own install script downloads from. */
export interface PackageFile {
  /** Below the host. */
  readonly path: string;
  /** Null where nobody published one: then its size and the archive's own checksums are checked, and what it computes. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/** TensorFlow's own wheel, then those of the libraries that it needs beside it; pip fetches them, and the binding is compiled. */
export interface WheelBuild {
  readonly way: 'wheel';
  readonly kind: TensorFlowRuntime['kind'];
  readonly version: string;
  readonly downloads: readonly [PinnedWheel, ...PinnedWheel[]];
  /** What it takes on disk, about. */
  readonly installedBytes: number;
}

/** TensorFlow's C library from where the npm package takes it: older, but needs no pip. */
export interface PackageBuild {
  readonly way: 'package';
  readonly kind: 'cpu';
  readonly version: string;
  /** The library, then the binding where one is published. */
  readonly downloads: readonly [PackageFile, ...PackageFile[]];
  /** False where a compiled binding is among the downloads. */
  readonly isCompiled: boolean;
  readonly installedBytes: number;
}

/** What a runtime is made of. */
export type RuntimeBuild = WheelBuild | PackageBuild;

/** The build for the processor, of one wheel. */
export function processorBuild(wheel: PinnedWheel): WheelBuild {
  return { way: 'wheel', kind: 'cpu', version: wheel.version, downloads: [wheel], installedBytes: 860_000_000 };
}

/** The build for NVIDIA's cards from its wheels, TensorFlow's first. */
export function cudaBuild(wheels: readonly PinnedWheel[]): WheelBuild {
  const [first, ...others] = wheels;
  if (!first) throw new Error('A runtime needs a wheel');
  // NVIDIA's libraries are 1.5 to 1.7 times their wheels.
  const installedBytes = Math.round(1.7 * wheels.reduce((sum, { bytes }) => sum + bytes, 0));
  return { way: 'wheel', kind: 'cuda', version: first.version, downloads: [first, ...others], installedBytes };
}

/** The programs that an installation may need. */
export interface BuildTools {
  readonly hasPip: boolean;
  readonly hasCompiler: boolean;
}

/** The first build that these tools can install; where they can none, the first one, which then says what is missing. */
export function chooseBuild<Item extends { readonly build: RuntimeBuild }>(
  items: readonly [Item, ...Item[]],
  tools: BuildTools,
): Item {
  return items.find(({ build }) => missingTool(build, tools) === null) ?? items[0];
}

/** What a build needs and is not there. */
export function missingTool(build: RuntimeBuild, { hasPip, hasCompiler }: BuildTools): 'pip' | 'compiler' | null {
  if (build.way === 'wheel' && !hasPip) return 'pip';
  return needsCompiler(build) && !hasCompiler ? 'compiler' : null;
}

/** True where the binding is compiled on this machine. */
export function needsCompiler(build: RuntimeBuild): boolean {
  return build.way === 'wheel' || build.isCompiled;
}

/** Of all downloads together. */
export function bytesOf({ downloads }: RuntimeBuild): number {
  return downloads.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The name of a download once it is whole. */
export function fileNameOf(download: PinnedWheel | PackageFile): string {
  return 'fileName' in download ? download.fileName : (download.path.split('/').at(-1) ?? download.path);
}
