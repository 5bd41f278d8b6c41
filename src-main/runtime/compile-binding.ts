import path from 'node:path';
import { runCommand } from './run-command.ts';
import { bindingDoesNotLoad, compilationFailed, noCompiler } from './runtime-errors.ts';

export interface CompileBindingRequest {
  /** The npm package with the binding's sources. */
  readonly packageRoot: string;
  readonly nodeHeadersFolder: string;
  /** Has the libraries and headers; the binding is written here. */
  readonly folder: string;
  readonly layout: LibraryLayout;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Where TensorFlow lies below a runtime's folder. */
export interface LibraryLayout {
  readonly libraries: readonly string[];
  readonly headers: string;
}

/** The binding's file name. */
export const bindingFileName = 'tfjs_binding.node';

/** Compiles tfjs-node's N-API binding against the unpacked TensorFlow; takes about 10 s. Returns the binding's path below the folder. */
export async function compileBinding(request: CompileBindingRequest): Promise<string> {
  const { folder, environment, signal } = request;
  const result = await runCommand('g++', compilerArguments(request), { environment, folder, signal });
  if (result.isMissing) throw noCompiler();
  if (result.exitCode !== 0) throw compilationFailed(result.output);
  return bindingFileName;
}

/** What g++ is called with; on a Mac that is Clang, and the symbols of Node are found when the binding is loaded. */
export function compilerArguments(request: CompileBindingRequest, platform: string = process.platform): string[] {
  const { folder, layout, packageRoot, nodeHeadersFolder } = request;
  const isMac = platform === 'darwin';
  const includes = [nodeHeadersFolder, path.dirname(packageRoot), packageRoot, path.join(folder, layout.headers)];
  const libraryFolder = path.posix.dirname(layout.libraries[0] ?? '');
  return [
    ...['-O2', '-std=c++17', '-fPIC', '-DNAPI_VERSION=8'],
    ...(isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
    ...includes.map((include) => `-I${include}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => path.join(packageRoot, 'binding', source)),
    ...layout.libraries.map((library) => path.join(folder, library)),
    `-Wl,-rpath,${isMac ? '@loader_path' : '$ORIGIN'}/${libraryFolder}`,
    ...['-o', path.join(folder, bindingFileName)],
  ];
}

/** True when there is a C++ compiler on the PATH. */
export async function hasCompiler(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const result = await runCommand('g++', ['--version'], { environment });
  return result.exitCode === 0;
}

/** Has TensorFlow multiply two matrices of ones; exits with 5 where the product is wrong. */
export const firstOperation = `
const size = 64;
const ones = () => binding.createTensor([size, size], binding.TF_FLOAT, new Float32Array(size * size).fill(1));
const attributes = [
  { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
];
const [product] = binding.executeOp('MatMul', attributes, [ones(), ones()], 1);
if (!binding.tensorDataSync(product.id).every((value) => value === size)) process.exit(5);
`;

/**
 * Loads the binding once in a process of its own and has TensorFlow compute a known product.
 *
 * A processor without the instructions that TensorFlow was built for ends that process by a signal, which must not happen to ours.
 */
export async function checkBinding(
  bindingPath: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const script = `const binding = require(process.argv[1]); ${firstOperation}`;
  const result = await runCommand(process.execPath, ['-e', script, bindingPath], { environment, signal });
  if (result.exitCode !== 0) throw bindingDoesNotLoad(result.signalName, result.output);
}
