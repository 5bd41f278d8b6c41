import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareContenders } from './compare-contenders.ts';
import { startContender, type Contender, type ContenderProgram } from './contender.ts';
import { makePhotos } from './photos.ts';
import type { PipelineName, PipelineWork } from './pipeline-work.ts';
import { ensurePythonPeers } from './python-environment.ts';

const graftProgram = fileURLToPath(new URL('pipeline-contender.ts', import.meta.url));
const pythonProgram = fileURLToPath(new URL('../python/pipeline_contender.py', import.meta.url));
const rounds = 7;
const memory = { imagesPerStep: 1_000, steps: 5 };

interface Row {
  readonly title: string;
  readonly pipeline: PipelineName;
  readonly epoch: PipelineWork['epoch'];
  readonly files: readonly string[];
}

/** Times pipelines on JPEGs against torchvision's, one core and one worker each, taking turns; and says how memory grows. */
export async function measurePipelines(folder: string): Promise<void> {
  const small = await makeFiles(path.join(folder, 'small'), 192, { width: 500, height: 375 });
  const large = await makeFiles(path.join(folder, 'large'), 16, { width: 4000, height: 3000 });
  const rows: readonly Row[] = [
    { title: 'classic, 500 × 375, first epoch', pipeline: 'classic', epoch: 'first', files: small },
    { title: 'classic, 500 × 375, later epochs', pipeline: 'classic', epoch: 'later', files: small },
    { title: 'heavy, 500 × 375, first epoch', pipeline: 'heavy', epoch: 'first', files: small },
    { title: 'heavy, 500 × 375, later epochs', pipeline: 'heavy', epoch: 'later', files: small },
    { title: 'classic, 12 megapixels, first epoch', pipeline: 'classic', epoch: 'first', files: large },
  ];
  const python = await ensurePythonPeers();
  console.log(`pipelines: load of the machine before ${loadavg()[0]?.toFixed(1)}`);
  for (const row of rows) await compareRow(folder, row, python);
  await measureMemory(folder, small);
}

async function compareRow(folder: string, row: Row, python: string | null): Promise<void> {
  const { title, pipeline, epoch, files } = row;
  const ownFolder = path.join(folder, 'kept', `${pipeline}-${epoch}-${files.length}`);
  const imagesPerStep = files.length;
  // What later epochs find is what the warm-up kept.
  const file = await writeWork(ownFolder, { pipeline, epoch, files: [...files], imagesPerStep, warmUpSteps: 2 });
  const programs: ContenderProgram[] = [graft(file)];
  if (python !== null) programs.push(onOneCore({ name: 'torchvision', command: python, args: [pythonProgram, file] }));
  await withContenders(programs, (contenders) =>
    compareContenders({ title: `pipelines: ${title}`, contenders, rounds, stepsPerRound: 1, imagesPerStep }),
  );
}

/** Prints how much memory the process holds beyond that of its start, after each thousand images. */
async function measureMemory(folder: string, files: readonly string[]): Promise<void> {
  const { imagesPerStep, steps } = memory;
  const own = {
    pipeline: 'heavy',
    epoch: 'later',
    files: [...files],
    imagesPerStep,
    warmUpSteps: 0,
  } satisfies Partial<PipelineWork>;
  await withContenders([graft(await writeWork(path.join(folder, 'kept', 'memory'), own))], async ([contender]) => {
    const held = async (stepCount: number): Promise<number> => {
      await contender?.run(stepCount);
      return contender?.memoryBytes ?? Number.NaN;
    };
    const startBytes = await held(0);
    const grown: string[] = [];
    for (let step = 0; step < steps; step += 1) grown.push((((await held(1)) - startBytes) / 1e6).toFixed(0));
    console.log(`pipelines: memory above the start after each ${imagesPerStep} images: ${grown.join(', ')} MB`);
  });
}

async function withContenders(
  programs: readonly ContenderProgram[],
  use: (contenders: readonly Contender[]) => Promise<void>,
): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const program of programs) contenders.push(await startContender(program));
    await use(contenders);
  } finally {
    for (const contender of contenders) contender.stop();
  }
}

function graft(workFile: string): ContenderProgram {
  return onOneCore({ name: 'Graft', command: process.execPath, args: [graftProgram, workFile] });
}

/** One worker may unpack pictures on a second thread: on one core that is no advantage. Only Linux can be told. */
function onOneCore(program: ContenderProgram): ContenderProgram {
  if (process.platform !== 'linux') return program;
  return { ...program, command: 'taskset', args: ['--cpu-list', '0', program.command, ...program.args] };
}

async function writeWork(folder: string, work: Omit<PipelineWork, 'folder'>): Promise<string> {
  await mkdir(path.dirname(folder), { recursive: true });
  const file = `${folder}.json`;
  await writeFile(file, JSON.stringify({ ...work, folder } satisfies PipelineWork));
  return file;
}

async function makeFiles(
  folder: string,
  count: number,
  size: { readonly width: number; readonly height: number },
): Promise<readonly string[]> {
  return (await makePhotos(folder, { training: count }, size)).map((image) => image.path);
}
