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
  /** Runs `graft …` in the folder with settings of its own; `interruptAt` sends Ctrl-C once stdout has this text. */
  graft(args: readonly string[], options?: { readonly interruptAt?: string }): Promise<Answer>;
  remove(): Promise<void>;
}

/** A folder to work in, apart from the person's own settings and projects. */
export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-cli-'));
  const env = {
    ...process.env,
    GRAFT_CONFIG_DIR: path.join(folder, 'config'),
    GRAFT_PROJECTS_DIR: path.join(folder, 'projects'),
  };
  return {
    folder,
    graft: (args, { interruptAt } = {}) => run(args, { cwd: folder, env, interruptAt }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function run(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly interruptAt: string | undefined },
): Promise<Answer> {
  const child = spawn(process.execPath, [program, ...args], { cwd: options.cwd, env: options.env });
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (options.interruptAt === undefined || isInterrupted || !stdout.includes(options.interruptAt)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
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
