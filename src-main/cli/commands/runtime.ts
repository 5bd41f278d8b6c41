import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import type { CommandLine } from '../command-line.ts';
import { showRuntime } from '../follow-run.ts';
import { onInterrupt } from '../on-interrupt.ts';
import type { Session } from '../session.ts';

/** graft runtime install */
export function addRuntimeCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('runtime')
    .description('install TensorFlow ahead of the first training, or for an NVIDIA card')
    .command('install')
    .description('download, check and compile the TensorFlow runtime')
    .option(
      '--cuda',
      'the one for an NVIDIA card: several gigabytes; “graft doctor” says how many. Where it is there, the card is tried again',
    )
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft runtime install --cuda')
    .action(async ({ cuda = false, json }: { cuda?: boolean; json?: boolean }) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { kind, version, verdict, advice } = await install(session, cuda ? 'cuda' : 'cpu');
        session.output.result({ kind, version, verdict, advice }, [verdict, ...advice].map(textOf));
      });
    });
}

/** Resolves when the installation has ended well; rejects with why it did not. */
async function install({ client, output, interrupted }: Session, device: 'cpu' | 'cuda'): Promise<RuntimeStatus> {
  const isThere = ({ state, kind }: RuntimeStatus): boolean =>
    state === 'ready' && (device === 'cpu' || kind === device);
  const ended = Promise.withResolvers<RuntimeStatus>();
  const stop = client.on('runtime.changed', ({ status }) => {
    showRuntime(output, { status });
    if (status.progress === null) ended.resolve(status);
  });
  try {
    const started = await client.call('runtime.install', { device });
    onInterrupt(interrupted, () => client.call('runtime.cancel', {}));
    const status = started.progress === null && isThere(started) ? started : await ended.promise;
    if (!isThere(status)) throw new AppError('runtime-missing', status.advice[0] ?? status.verdict);
    return status;
  } finally {
    stop();
  }
}
