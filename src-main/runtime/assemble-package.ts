import { rm } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../src-shared/domain/sentence.ts';
import { compile, fetchAll, type Assembly, type AssemblyJob } from './assembly.ts';
import { fetchFile } from './fetch-file.ts';
import { addressOf } from './package-files.ts';
import { fileNameOf, type PackageBuild } from './runtime-build.ts';
import { archiveDamaged } from './runtime-errors.ts';
import { unpackTar } from './unpack-tar.ts';

/** The published binding looks for its libraries at `../../deps/lib` from itself, as in the npm package. */
const publishedBinding = 'lib/napi-v8/tfjs_binding.node';
const libraryPattern = /^lib\/libtensorflow(_framework)?\.(so|dylib|[\d.]+\.dylib)(\.\d+)*$/u;
const headerPattern = /^include\/.+\.h$/u;
const macLayout = {
  libraries: ['deps/lib/libtensorflow.2.dylib', 'deps/lib/libtensorflow_framework.2.dylib'],
  headers: 'deps/include',
};

/** Puts a runtime together from what the npm package's own install script downloads. */
export async function assemblePackage(build: PackageBuild, job: AssemblyJob): Promise<Assembly> {
  const { setup, workFolder, report } = job;
  const { environment, signal, places } = setup;
  const archives = await fetchAll(build, report, (download, onBytes) =>
    fetchFile({
      address: addressOf(download, environment),
      sha256: download.sha256,
      file: path.join(places.downloads, fileNameOf(download)),
      ...{ signal, onBytes },
    }),
  );
  const files: string[] = [];
  for (const [index, archivePath] of archives.entries()) {
    report({ stage: 'unpacking', value: 0.62 + (0.2 * index) / archives.length, words: say('installUnpacking') });
    files.push(...(await unpack(archivePath, workFolder, signal)));
  }
  const libraries = files.filter((file) => !file.endsWith('.h'));
  if (!build.isCompiled) return { archives, files: libraries, binding: publishedBinding };
  return { archives, files: libraries, binding: await compile(job, macLayout) };
}

/** An archive that cannot be unpacked is thrown away, so that the next try fetches it again. */
async function unpack(archivePath: string, folder: string, signal?: AbortSignal): Promise<readonly string[]> {
  try {
    return await unpackTar({ archivePath, placeOf, folder, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && 'syscall' in error) throw error;
    await rm(archivePath, { force: true });
    throw archiveDamaged(path.basename(archivePath));
  }
}

function placeOf(name: string): string | null {
  const isOfLibrary = libraryPattern.test(name) || headerPattern.test(name);
  if (isOfLibrary) return `deps/${name}`;
  return name === 'napi-v8/tfjs_binding.node' ? publishedBinding : null;
}
