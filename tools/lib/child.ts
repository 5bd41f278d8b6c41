import { spawn, type StdioOptions } from 'node:child_process';
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

/** Runs a command that reads and writes the terminal itself. */
export async function runLive(command: Command, options: ChildOptions = {}): Promise<ChildResult> {
  return await run(command, options, 'inherit');
}

async function run(
  [program, ...args]: Command,
  { env, timeoutMs }: ChildOptions,
  stdio: StdioOptions,
): Promise<ChildResult> {
  const startMs = performance.now();
  const timeout =
    timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs), killSignal: 'SIGKILL' as const };
  const child = spawn(program, args, { stdio, env: { ...process.env, ...env }, ...timeout });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  const end = (exitCode: number): ChildResult => {
    return { exitCode, output: chunks.join(''), seconds: (performance.now() - startMs) / 1000 };
  };
  // Ctrl-C in a terminal reaches the child by itself; a second one would read as impatience.
  const stopChild = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGINT', stopChild).on('SIGTERM', stopChild);
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return end(code ?? (signal === 'SIGINT' ? 130 : 1));
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return end(124);
    chunks.push(`${program} could not be started: ${error instanceof Error ? error.message : String(error)}\n`);
    return end(127);
  } finally {
    process.off('SIGINT', stopChild).off('SIGTERM', stopChild);
  }
}
