import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compileKernels, kernelBytesFile, kernelModule } from '../../../tools/lib/compile-kernels.ts';

test('the compiled kernels are those of the sources', { timeout: 120_000 }, async () => {
  expect(await readFile(kernelBytesFile, 'utf8'), 'run node tools/build-kernels.ts').toBe(
    kernelModule(await compileKernels()),
  );
});
