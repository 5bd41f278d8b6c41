import { spawn } from 'node:child_process';

/** How a command ended and what it said. */
export interface CommandResult {
  /** The exit code; null when a signal ended it or it could not be started. */
  readonly exitCode: number | null;
  readonly signalName: string | null;
  /** Standard output and error together, the last 64 kB. */
  readonly output: string;
  /** True when there is no such program on the PATH. */
  readonly isMissing: boolean;
  /** True when it was ended because patience ran out. */
  readonly isOverdue: boolean;
}

export interface CommandOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
  /** Ends a program that takes longer; as long as it takes where it is not given. */
  readonly patienceMs?: number;
}

const keptCharacters = 65_536;

/** Runs a program without a shell and waits for its end. Rejects only when aborted. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const patience = options.patienceMs === undefined ? undefined : AbortSignal.timeout(options.patienceMs);
  const result = await new Promise<CommandResult>((resolve) => {
    const child = spawn(program, args, {
      cwd: options.folder,
      env: options.environment,
      signal: AbortSignal.any([options.signal, patience].filter((signal) => signal !== undefined)),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-keptCharacters);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT';
      const isOverdue = patience?.aborted === true;
      resolve({ exitCode: null, signalName: null, output: `${output}${error.message}`, isMissing, isOverdue });
    });
    child.on('close', (exitCode, signalName) =>
      resolve({ exitCode, signalName, output, isMissing: false, isOverdue: false }),
    );
  });
  options.signal?.throwIfAborted();
  return result;
}
