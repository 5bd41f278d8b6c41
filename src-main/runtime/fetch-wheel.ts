import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isWhole } from './fetch-file.ts';
import type { PinnedWheel } from './pinned-wheel.ts';
import { runCommand, type CommandResult } from './run-command.ts';
import { downloadFailed, hashMismatch, noPip, noSpace } from './runtime-errors.ts';

export interface FetchWheelRequest {
  readonly wheel: PinnedWheel;
  /** Where finished wheels lie, and a folder on the same disk for unfinished ones. */
  readonly downloads: string;
  readonly workFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that have arrived so far; called a few times a second. */
  readonly onBytes: (done: number) => void;
}

/** A way to start Python. */
export interface PythonCommand {
  readonly program: string;
  readonly args: readonly string[];
}

const pythonCommands: readonly PythonCommand[] = [
  { program: 'python3', args: [] },
  { program: 'python', args: [] },
  { program: 'py', args: ['-3'] },
];

/** The first Python on the PATH that has pip, or undefined. Its version does not matter: nothing is installed into it. */
export async function findPip(
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<PythonCommand | undefined> {
  for (const python of pythonCommands) {
    const result = await runCommand(python.program, [...python.args, '-m', 'pip', '--version'], {
      environment,
      signal,
    });
    if (result.exitCode === 0) return python;
  }
  return undefined;
}

/** The path of the wheel with its content verified; downloads it with pip unless a whole copy is there from an earlier try. */
export async function fetchWheel(request: FetchWheelRequest): Promise<string> {
  const finished = path.join(request.downloads, request.wheel.fileName);
  if (await isWhole(finished, request.wheel.sha256, request.signal)) return finished;
  const python = await findPip(request.environment, request.signal);
  if (!python) throw noPip();

  const temporary = path.join(request.workFolder, 'pip');
  await mkdir(temporary, { recursive: true });
  await mkdir(request.downloads, { recursive: true });
  const watch = setInterval(() => void sizeOfLargestFile(temporary).then(request.onBytes, () => undefined), 250);
  try {
    const result = await runPip(python, temporary, request);
    if (result.exitCode !== 0) throw explainPip(result, request.wheel);
  } finally {
    clearInterval(watch);
  }
  const arrived = path.join(temporary, request.wheel.fileName);
  if (!(await isWhole(arrived, request.wheel.sha256, request.signal))) {
    await rm(temporary, { recursive: true, force: true });
    throw hashMismatch(request.wheel.fileName);
  }
  await rename(arrived, finished);
  return finished;
}

function runPip(python: PythonCommand, temporary: string, request: FetchWheelRequest): Promise<CommandResult> {
  const { wheel } = request;
  const args = [
    ...[
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--python-version',
      '312',
      '--platform',
      wheel.pipPlatform,
    ],
    ...[
      '--no-input',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--progress-bar',
      'off',
      '--dest',
      temporary,
      wheel.requirement,
    ],
  ];
  // TMPDIR keeps pip's unfinished file on the cache's disk, where its growth can be watched and a killed try is cleaned up.
  const environment = { ...request.environment, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return runCommand(python.program, [...python.args, ...args], { environment, signal: request.signal });
}

function explainPip(result: CommandResult, wheel: PinnedWheel): Error {
  if (/No space left on device|Errno 28/i.test(result.output)) return noSpace(wheel.bytes);
  return downloadFailed(wheel.requirement, result.output);
}

async function sizeOfLargestFile(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...sizes);
}
