import type { PackageBuild, PackageFile } from './runtime-build.ts';

// What the npm package's own install script would download (scripts/install.js and deps-constants.js of 4.22.0). The hashes are those under
// which Bazel, CMake and Nix projects pin the same archives; the package itself states none, and nobody publishes one of the binding.

const host = 'https://storage.googleapis.com/';

/** Names another host with the same paths, as the package's install script takes it. */
export const mirrorVariable = 'TFJS_NODE_CDN_STORAGE';

/** Sizes are about: no index states them. Only progress and the check for space use them. */
const linuxLibrary: PackageFile = {
  path: 'tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
  sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173',
  bytes: 130_000_000,
};

const macLibrary: PackageFile = {
  path: 'tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz',
  sha256: '56f83d3320ba0f69aaafd6c058645e1b7fbc75fb9a3fc36d6be98de1291ca226',
  bytes: 130_000_000,
};

const macArmLibrary: PackageFile = {
  path: 'tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz',
  sha256: '13ab22b97e2af06e431aaeb7b42fb89981965dd01aa16da035d8210aa4183d79',
  bytes: 100_000_000,
};

const linuxBinding: PackageFile = {
  path: 'tf-builds/pre-built-binary/napi-v8/4.22.0/CPU-linux-4.22.0.tar.gz',
  sha256: null,
  bytes: 400_000,
};

const common = { way: 'package', kind: 'cpu', installedBytes: 500_000_000 } as const;

/** A compiled binding is published for Linux on x64 only; on a Mac the compiler makes it. Windows has neither. */
const packageBuilds: Readonly<Record<string, PackageBuild>> = {
  'linux-x64': { ...common, version: '2.9.1', downloads: [linuxLibrary, linuxBinding], isCompiled: false },
  'darwin-x64': { ...common, version: '2.9.1', downloads: [macLibrary], isCompiled: true },
  'darwin-arm64': { ...common, version: '2.7', downloads: [macArmLibrary], isCompiled: true },
};

/** What the npm package itself would take for a platform and processor in Node's words; undefined where that leads nowhere. */
export function packageBuildFor(platform: string, architecture: string): PackageBuild | undefined {
  return packageBuilds[`${platform}-${architecture}`];
}

/** Where a file is fetched from. */
export function addressOf({ path }: PackageFile, environment: NodeJS.ProcessEnv): URL {
  const mirror = environment[mirrorVariable];
  return new URL(path, mirror ? `${mirror.replace(/\/$/u, '')}/` : host);
}
