import { readdir, stat } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import path from 'node:path';
import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';
import { onnxProvidersOf } from '../../runtime/onnx-package.ts';

/** What trains here. */
export function describeHere(): Pick<RuntimeStatus, 'threads' | 'machine' | 'onnxProviders'> {
  const cores = availableParallelism();
  return {
    threads: cores,
    onnxProviders: onnxProvidersOf(process),
    machine: {
      processor: cpus()[0]?.model.trim() ?? '',
      cores,
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      system: `${platform()} ${release()}, ${arch()}`,
    },
  };
}

/** The bytes of all files below a folder, 0 when there is none; what vanishes meanwhile does not count. */
export async function measureFolder(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const entryPath = path.join(folder, entry.name);
    if (entry.isDirectory()) sum += await measureFolder(entryPath);
    else if (entry.isFile())
      sum += await stat(entryPath).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return sum;
}
