import type { LibraryLayout } from './compile-binding.ts';

/** One file of the Python package index that holds TensorFlow's libraries, named exactly and pinned by its content. */
export interface PinnedWheel {
  /** Package name and version as pip takes them. */
  readonly requirement: string;
  readonly version: string;
  /** pip's name of the platform, so that the local Python's own version and platform do not matter. */
  readonly pipPlatform: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
}

const version = '2.21.0';

/** CPU builds by `<platform>-<arch>`. On arm64 the plain package is the CPU build. */
const pinnedWheels: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': {
    requirement: `tensorflow-cpu==${version}`,
    version,
    pipPlatform: 'manylinux_2_27_x86_64',
    fileName: `tensorflow_cpu-${version}-cp312-cp312-manylinux_2_27_x86_64.whl`,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    bytes: 274_000_871,
  },
  'linux-arm64': {
    requirement: `tensorflow==${version}`,
    version,
    pipPlatform: 'manylinux_2_27_aarch64',
    fileName: `tensorflow-${version}-cp312-cp312-manylinux_2_27_aarch64.whl`,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    // As the index states it, rounded; only progress and the check for space use it.
    bytes: 281_900_000,
  },
};

/** The wheel for a platform and processor in Node's words, or undefined where none is supported. */
export function pinnedWheelFor(platform: string, architecture: string): PinnedWheel | undefined {
  return pinnedWheels[`${platform}-${architecture}`];
}

/** The libraries in NVIDIA's wheels. TensorFlow looks for them at `../nvidia/<package>/lib` from its own. */
export const nvidiaLibraries = /^nvidia\/.+\.so(\.\d+)*$/u;

/** The two libraries of a wheel; everything else in it is Python's. */
export const libraryEntries = ['tensorflow/libtensorflow_framework.so.2', 'tensorflow/libtensorflow_cc.so.2'] as const;

/** Where they and their headers lie when they are unpacked. */
export const wheelLayout: LibraryLayout = { libraries: libraryEntries, headers: 'tensorflow/include' };

/** The headers that the binding's sources reach, directly or through one another. */
export const headerEntries: readonly string[] = [
  ...[
    'c_api',
    'c_api_macros',
    'tf_attrtype',
    'tf_buffer',
    'tf_datatype',
    'tf_status',
    'tf_tensor',
    'tf_tstring',
    'eager/c_api',
  ].map((name) => `tensorflow/include/tensorflow/c/${name}.h`),
  'tensorflow/include/tensorflow/core/platform/ctstring.h',
  'tensorflow/include/tensorflow/core/platform/ctstring_internal.h',
  'tensorflow/include/tsl/platform/ctstring.h',
  'tensorflow/include/tsl/platform/ctstring_internal.h',
  'tensorflow/include/xla/tsl/c/tsl_status.h',
];
