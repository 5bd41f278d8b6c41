/** `node tools/build-kernels.ts`: compiles src-main/imaging/assembly/*.as to WebAssembly and writes the bytes into kernel-bytes.ts. */
import { writeFile } from 'node:fs/promises';
import { compileKernels, kernelModule, kernelBytesFile } from './lib/compile-kernels.ts';

await writeFile(kernelBytesFile, kernelModule(await compileKernels()));
