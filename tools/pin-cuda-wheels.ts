import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { repositoryRoot } from './lib/repository.ts';

// Writes src-main/runtime/cuda-wheels.ts: TensorFlow's GPU build and the NVIDIA libraries that its `and-cuda` extra names, as pip
// resolves them, with their hashes. pip 23.3 or newer only reads metadata for this and downloads no wheel.
// Usage: node tools/pin-cuda-wheels.ts [TensorFlow's version]

const reportSchema = v.object({
  install: v.array(
    v.object({
      download_info: v.object({
        url: v.string(),
        archive_info: v.object({ hashes: v.object({ sha256: v.string() }) }),
      }),
      metadata: v.object({ name: v.string(), version: v.string() }),
    }),
  ),
});

const version = process.argv[2] ?? '2.21.0';
const file = path.join(repositoryRoot, 'src-main/runtime/cuda-wheels.ts');
const wheels = await Promise.all((await resolve(version)).map(describe));
await writeFile(file, sourceOf(wheels));
const bytes = wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
console.log(`${wheels.length} wheels, ${(bytes / 1e9).toFixed(2)} GB, in ${file}. Run prettier on it.`);

type Resolved = v.InferOutput<typeof reportSchema>['install'][number];

async function resolve(tensorFlow: string): Promise<readonly Resolved[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pin-'));
  try {
    const report = path.join(folder, 'report.json');
    const platforms = ['manylinux_2_27_x86_64', 'manylinux2014_x86_64', 'manylinux_2_17_x86_64'];
    await promisify(execFile)('python3', [
      ...['-m', 'pip', 'install', '--dry-run', '--quiet', '--ignore-installed', '--only-binary=:all:'],
      ...['--python-version', '312', ...platforms.flatMap((platform) => ['--platform', platform])],
      ...['--target', path.join(folder, 'unused'), '--report', report, `tensorflow[and-cuda]==${tensorFlow}`],
    ]);
    const { install } = v.parse(reportSchema, JSON.parse(await readFile(report, 'utf8')));
    return install
      .filter(({ metadata: { name } }) => name === 'tensorflow' || name.startsWith('nvidia-'))
      .sort((a, b) => Number(b.metadata.name === 'tensorflow') - Number(a.metadata.name === 'tensorflow'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function describe({ download_info: { url, archive_info }, metadata }: Resolved) {
  const answer = await fetch(url, { method: 'HEAD' });
  const fileName = decodeURIComponent(path.posix.basename(new URL(url).pathname));
  return {
    requirement: `${metadata.name}==${metadata.version}`,
    version: metadata.version,
    // The last part of a wheel's name; where it names several platforms any will do.
    pipPlatform: fileName.slice(0, -'.whl'.length).split('-').at(-1)?.split('.')[0] ?? '',
    fileName,
    sha256: archive_info.hashes.sha256,
    bytes: Number(answer.headers.get('content-length')),
  };
}

function sourceOf(pinned: readonly Awaited<ReturnType<typeof describe>>[]): string {
  return `import type { PinnedWheel } from './pinned-wheel.ts';

/** TensorFlow's CUDA build for Linux on x64, then NVIDIA's libraries for it. Written by tools/pin-cuda-wheels.ts. */
export const cudaWheels: readonly PinnedWheel[] = ${JSON.stringify(pinned, null, 2)};
`;
}
