import { AppError } from '../../src-shared/contract/app-error.ts';
import { toAppError } from '../core/to-app-error.ts';
import { createOutput, type Output, type OutputStreams } from './output.ts';
import { withSession, type Session } from './session.ts';

/** How a command ends; 2 is wrong usage and 130 an interruption. */
export type ExitCode = 0 | 1 | 2 | 130;

export interface RunOptions {
  readonly json?: boolean | undefined;
  readonly access: 'read' | 'write';
  /** True for work that ends by itself, keeping what it has, when it is interrupted; other work is dropped. */
  readonly endsItself?: boolean;
}

/** What the commands run on: their core, their output, and the exit code that remains. */
export class CommandLine {
  readonly streams: OutputStreams;
  readonly interrupted: AbortSignal;
  #exitCode: ExitCode = 0;

  constructor(streams: OutputStreams, interrupted: AbortSignal) {
    this.streams = streams;
    this.interrupted = interrupted;
  }

  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  /** Runs a command's work with a core of its own. Never rejects: an error becomes one line and an exit code. */
  async run(
    { json = false, access, endsItself = false }: RunOptions,
    work: (session: Session) => Promise<void>,
  ): Promise<void> {
    const { interrupted } = this;
    const output = createOutput(this.streams, json);
    await this.guard(output, () =>
      withSession({ access, output, interrupted }, (session) =>
        endsItself ? work(session) : Promise.race([work(session), rejectionOf(interrupted)]),
      ),
    );
  }

  /** Runs work that needs no core, in the same way. */
  async guard(output: Output, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#exitCode = this.#tellError(output, thrown);
    }
    if (this.interrupted.aborted) this.#exitCode = 130;
  }

  end(exitCode: ExitCode): void {
    this.#exitCode = exitCode;
  }

  #tellError(output: Output, thrown: unknown): ExitCode {
    if (this.interrupted.aborted) return 130;
    const { error, isBug } = toAppError(thrown);
    if (isBug && thrown instanceof Error && thrown.stack !== undefined && process.env['GRAFT_DEBUG'] !== undefined) {
      this.streams.stderr.write(`${thrown.stack}\n`);
    }
    output.error(error.message);
    return error.code === 'bad-input' ? 2 : 1;
  }
}

async function rejectionOf(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
    });
  }
  throw new AppError('cancelled', 'Interrupted.');
}
