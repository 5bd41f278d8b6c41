import { rm } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../src-shared/domain/sentence.ts';
import { compile, fetchAll, type Assembly, type AssemblyJob } from './assembly.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { headerEntries, libraryEntries, nvidiaLibraries, wheelLayout } from './pinned-wheel.ts';
import type { WheelBuild } from './runtime-build.ts';
import { unpackEntries } from './unpack-wheel.ts';

/** Puts a runtime together from wheels: the libraries out of them, and the binding compiled. */
export async function assembleWheels(build: WheelBuild, job: AssemblyJob): Promise<Assembly> {
  const { setup, workFolder, report } = job;
  const { environment, signal, places } = setup;
  const archives = await fetchAll(build, report, (wheel, onBytes) =>
    fetchWheel({ wheel, downloads: places.downloads, workFolder, environment, signal, onBytes }),
  );
  const files = await unpackAll(archives, job);
  await rm(path.join(workFolder, 'pip'), { recursive: true, force: true });
  return { archives, files, binding: await compile(job, wheelLayout) };
}

/** Returns the libraries, by their paths below the folder. */
async function unpackAll(
  archives: readonly string[],
  { setup, workFolder, report }: AssemblyJob,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const [index, archivePath] of archives.entries()) {
    const sizes = await unpackEntries({
      ...(index === 0
        ? { entries: [...libraryEntries, ...headerEntries] }
        : { entries: [], alsoTakes: nvidiaLibraries }),
      ...{ archivePath, folder: workFolder, signal: setup.signal },
      onBytes: (done, total) =>
        report({
          ...{ stage: 'unpacking', words: say('installUnpacking'), bytes: { done, total } },
          value: 0.62 + (0.23 * (index + done / total)) / archives.length,
        }),
    });
    files.push(...(index === 0 ? libraryEntries : sizes.keys()));
  }
  return files;
}
