import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';

const program = fileURLToPath(new URL('../../src-main/cli/graft.cjs', import.meta.url));

export interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Each line of stdout as JSON, for commands with --json. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** The last of them. */
  readonly result: Readonly<Record<string, unknown>>;
}

export interface Workplace {
  readonly folder: string;
  /** Runs `graft …` in the folder, with settings of its own. */
  graft(args: readonly string[], options?: Interruption): Promise<Answer>;
  remove(): Promise<void>;
}

/** Presses Ctrl-C once stdout has this text, after something else was done meanwhile. */
export interface Interruption {
  readonly interruptAt?: string;
  readonly meanwhile?: (stdout: string) => Promise<void>;
}

/** A folder to work in, apart from the person's own settings and projects. */
export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-cli-'));
  const env = {
    ...process.env,
    GRAFT_CONFIG_DIR: path.join(folder, 'config'),
    GRAFT_PROJECTS_DIR: path.join(folder, 'projects'),
    // Without a display nothing opens a browser on the tester's desk.
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  };
  return {
    folder,
    graft: (args, interruption = {}) => run(args, { cwd: folder, env, ...interruption }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function run(
  args: readonly string[],
  { cwd, env, interruptAt, meanwhile }: Interruption & { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Answer> {
  // A process group of its own, so that Ctrl-C reaches the trainer too, as in a terminal.
  const child = spawn(process.execPath, [program, ...args], { cwd, env, detached: true });
  let stdout = '';
  let stderr = '';
  const interrupt = async (): Promise<void> => {
    await meanwhile?.(stdout);
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  };
  let interrupting: Promise<void> | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (interruptAt !== undefined && stdout.includes(interruptAt)) interrupting ??= interrupt();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await interrupting;
  const lines = args.includes('--json') ? parseLines(stdout) : [];
  return { exitCode, stdout, stderr, lines, result: lines.at(-1) ?? {} };
}

function parseLines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The colours of the classes, [red, green, blue]. */
const colours = { blue: [40, 60, 200], green: [50, 180, 60], red: [210, 50, 40] } as const;
export const classNames = Object.keys(colours);

/** Writes noisy patches of colour, `perClass` of each class, as <folder>/<class>/<n>.png; other seeds give other images. */
export async function drawImages(folder: string, perClass: number, seed: number): Promise<void> {
  const sizePx = 48;
  for (const [name, colour] of Object.entries(colours)) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let index = 0; index < perClass; index += 1) {
      const random = createRandom(`${seed}/${name}/${index}`);
      const pixels = Uint8Array.from(
        { length: sizePx * sizePx * 3 },
        (_, at) => colour[at % 3]! + random.uniform(-38, 38),
      );
      await sharp(pixels, { raw: { width: sizePx, height: sizePx, channels: 3 } })
        .png()
        .toFile(path.join(folder, name, `${index}.png`));
    }
  }
}
