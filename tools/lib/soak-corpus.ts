import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { diskFile } from '../../src-main/services/import/disk-file.ts';
import { loadImage } from '../../src-main/services/import/load-image.ts';

const mostSeconds = 20;
const mostBytes = 1e9;

/**
 * Takes in every file below a folder as an import does, such as Pillow's Tests/images: each is a picture or has a reason; none takes
 * longer than 20 s, and memory stays below 1 GB. True when that held.
 */
export async function soakCorpus(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const reasons = new Map<string, number>();
  const slowest = { file: '', seconds: 0 };
  let [pictures, rss] = [0, 0];
  for (const file of files) {
    const startMs = performance.now();
    const loaded = await loadImage(
      {
        ...{ fileName: path.basename(file), source: file },
        className: null,
        givenSplit: null,
        content: diskFile(file),
      },
      () => false,
    );
    const seconds = (performance.now() - startMs) / 1000;
    if (seconds > slowest.seconds) Object.assign(slowest, { file: path.relative(folder, file), seconds });
    rss = Math.max(rss, process.memoryUsage.rss());
    if (loaded.kind !== 'skipped') pictures += 1;
    else reasons.set(textOf(loaded.reason), (reasons.get(textOf(loaded.reason)) ?? 0) + 1);
  }
  const slow = `slowest ${slowest.file} in ${slowest.seconds.toFixed(2)} s`;
  console.log(`corpus: ${files.length} files, ${pictures} pictures, ${slow}, ${Math.round(rss / 1e6)} MB at most`);
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`corpus: ${count} × ${reason}`);
  return files.length > 0 && slowest.seconds < mostSeconds && rss < mostBytes;
}
