import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.ts';
import { bindingDoesNotLoad, compilationFailed, noCompiler } from './runtime-errors.ts';

export interface CompileBindingRequest {
  /** The npm package with the binding's sources. */
  readonly packageRoot: string;
  readonly nodeHeadersFolder: string;
  /** Has tensorflow/ with the libraries and headers; the binding is written beside it. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** The binding's file name in a runtime's folder. */
export const bindingFileName = 'tfjs_binding.node';

/** Compiles tfjs-node's N-API binding against the unpacked TensorFlow; takes about 10 s. Returns the binding's path. */
export async function compileBinding(request: CompileBindingRequest): Promise<string> {
  const { folder, packageRoot, environment, signal } = request;
  const libraries = path.join(folder, 'tensorflow');
  // The linker wants the plain names; the binding itself records the versioned ones, so the links go again afterwards.
  const links = [
    { link: path.join(libraries, 'libtensorflow.so'), target: 'libtensorflow_cc.so.2' },
    { link: path.join(libraries, 'libtensorflow_framework.so'), target: 'libtensorflow_framework.so.2' },
  ];
  for (const { link, target } of links) await symlink(target, link);
  const binding = path.join(folder, bindingFileName);
  const args = [
    ...[
      '-O2',
      '-std=c++17',
      '-shared',
      '-fPIC',
      '-DNAPI_VERSION=8',
      `-I${request.nodeHeadersFolder}`,
      `-I${path.dirname(packageRoot)}`,
    ],
    ...[`-I${packageRoot}`, `-I${path.join(libraries, 'include')}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((source) => path.join(packageRoot, 'binding', source)),
    ...[`-L${libraries}`, '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/tensorflow', '-o', binding],
  ];
  const result = await runCommand('g++', args, { environment, folder, signal });
  for (const { link } of links) await rm(link, { force: true });
  if (result.isMissing) throw noCompiler();
  if (result.exitCode !== 0) throw compilationFailed(result.output);
  return binding;
}

/** True when there is a C++ compiler on the PATH. */
export async function hasCompiler(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const result = await runCommand('g++', ['--version'], { environment });
  return result.exitCode === 0;
}

/**
 * Loads the binding once in a process of its own and has TensorFlow start its devices.
 *
 * A processor without the instructions that TensorFlow was built for ends that process by a signal, which must not happen to ours.
 */
export async function checkBinding(
  bindingPath: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const script =
    'const binding = require(process.argv[1]); if (typeof binding.executeOp !== "function") process.exit(3);';
  const result = await runCommand(process.execPath, ['-e', script, bindingPath], { environment, signal });
  if (result.exitCode !== 0) throw bindingDoesNotLoad(result.signalName, result.output);
}
