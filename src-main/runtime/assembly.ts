import { say } from '../../src-shared/domain/sentence.ts';
import type { LibraryLayout } from './compile-binding.ts';
import { bytesOf, type RuntimeBuild } from './runtime-build.ts';
import type { RuntimeSetup } from './runtime-setup.ts';
import type { RuntimeProgress } from './runtime.ts';

export type Report = (progress: RuntimeProgress) => void;

/** What it takes to put a runtime together in a folder of its own. */
export interface AssemblyJob {
  readonly setup: RuntimeSetup;
  readonly workFolder: string;
  readonly report: Report;
}

/** What was put together. */
export interface Assembly {
  /** Downloads, which are not needed any more when the runtime works. */
  readonly archives: readonly string[];
  /** Paths below the folder of what must be there whole. */
  readonly files: readonly string[];
  readonly binding: string;
}

/** Fetches one download after the other by `fetchOne`; those that are there whole from an earlier try are not fetched again. */
export async function fetchAll<Download extends { readonly bytes: number }>(
  build: RuntimeBuild & { readonly downloads: readonly Download[] },
  report: Report,
  fetchOne: (download: Download, onBytes: (done: number) => void) => Promise<string>,
): Promise<readonly string[]> {
  const total = bytesOf(build);
  const words = say('installDownloading', { version: build.version });
  const archives: string[] = [];
  let before = 0;
  for (const download of build.downloads) {
    const tell = (done: number): void => {
      const bytes = { done: before + Math.min(done, download.bytes), total };
      report({ stage: 'downloading', value: (0.6 * bytes.done) / total, words, bytes });
    };
    tell(0);
    archives.push(await fetchOne(download, tell));
    before += download.bytes;
  }
  return archives;
}

/** Compiles the binding to what was unpacked. */
export function compile({ setup, workFolder, report }: AssemblyJob, layout: LibraryLayout): Promise<string> {
  const { packageRoot, nodeHeadersFolder, environment, signal, tools } = setup;
  report({ stage: 'compiling', value: 0.85, words: say('installCompiling') });
  return tools.compileBinding({
    ...{ packageRoot, nodeHeadersFolder, folder: workFolder, layout },
    ...{ environment, signal },
  });
}
