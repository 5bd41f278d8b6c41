import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** How a child process ended. `output` is what it wrote to both streams, empty where it wrote to the terminal itself. */
export interface ChildResult {
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
}

/** A command and its arguments; never a shell line. */
export type Command = readonly [program: string, ...args: string[]];

interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** After this long the child is killed and its exit code is 124. */
  readonly timeoutMs?: number;
}

/** Runs a command and keeps what it writes. */
export async function runCaptured(command: Command, options: ChildOptions = {}): Promise<ChildResult> {
  return await run(command, options, ['ignore', 'pipe', 'pipe']);
}

/** Runs a command that writes to the terminal while it works. */
export async function runLive(command: Command, options: ChildOptions = {}): Promise<ChildResult> {
  return await run(command, options, ['ignore', 'inherit', 'inherit']);
}

async function run(
  [program, ...args]: Command,
  { env, timeoutMs }: ChildOptions,
  stdio: SpawnOptions['stdio'] & object,
): Promise<ChildResult> {
  const startMs = performance.now();
  const child = spawn(program, args, { stdio, env: { ...process.env, ...env } });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  let isTimedOut = false;
  const timer = setTimeout(
    () => {
      isTimedOut = true;
      child.kill('SIGKILL');
    },
    timeoutMs ?? 2 ** 31 - 1,
  );
  const stopChild = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', stopChild).on('SIGTERM', stopChild);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const exitCode = isTimedOut ? 124 : (code ?? 1);
    return { exitCode, output: chunks.join(''), seconds: (performance.now() - startMs) / 1000 };
  } catch (error) {
    const output = `${program} could not be started: ${error instanceof Error ? error.message : String(error)}\n`;
    return { exitCode: 127, output, seconds: (performance.now() - startMs) / 1000 };
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', stopChild).off('SIGTERM', stopChild);
  }
}
