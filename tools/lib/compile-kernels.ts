import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { repositoryRoot } from './repository.ts';

const run = promisify(execFile);
const folder = path.join(repositoryRoot, 'src-main/imaging/assembly');
const compiler = path.join(path.dirname(fileURLToPath(import.meta.resolve('assemblyscript/asc'))), '../bin/asc.js');

/** The file that carries the compiled kernels. */
export const kernelBytesFile = path.join(folder, 'kernel-bytes.ts');

/** Compiles the kernels; the same sources and compiler give the same bytes. Throws what the compiler complains about. */
export async function compileKernels(): Promise<Uint8Array> {
  const work = await mkdtemp(path.join(tmpdir(), 'graft-kernels-'));
  try {
    // The compiler knows files by the ending .ts alone; ours are .as, because they are not TypeScript.
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.as'))) {
      await copyFile(path.join(folder, name), path.join(work, name.replace(/\.as$/, '.ts')));
    }
    const options = ['--runtime', 'stub', '--enable', 'simd', '--noAssert', '-O3', '--converge'];
    await run(process.execPath, [compiler, 'kernels.ts', '--outFile', 'kernels.wasm', ...options], { cwd: work });
    return await readFile(path.join(work, 'kernels.wasm'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The TypeScript module that carries these bytes. */
export function kernelModule(bytes: Uint8Array): string {
  return [
    '/** Written by tools/build-kernels.ts from the .as files beside it: WebAssembly in Base64. */',
    'export const kernelBytes =',
    `  '${Buffer.from(bytes).toString('base64')}';`,
    '',
  ].join('\n');
}
