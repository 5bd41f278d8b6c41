import type { Command } from 'commander';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { parseRunId, wholeNumberFrom } from '../option-values.ts';
import { runToTheEnd } from '../run-to-the-end.ts';
import { openProject } from '../session.ts';

interface ExtendOptions {
  readonly run: RunId;
  readonly epochs: number;
  readonly json?: boolean;
}

/** graft extend <project> --run <id> --epochs <number> */
export function addExtendCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('extend')
    .description('train a complete run for more epochs: a new run that begins where the first one ended')
    .argument('<project>', 'the folder of the project')
    .requiredOption('--run <id>', 'the run', parseRunId)
    .requiredOption('--epochs <number>', 'how many more', wholeNumberFrom(1))
    .option('--json', 'print JSON lines, as train does')
    .addHelpText(
      'after',
      '\nThe learning rate goes on as in a training that was planned so long from the beginning.\n\nExample:\n  graft extend chairs.graft --run run-1-3fa9 --epochs 10',
    )
    .action(async (project: string, { run, epochs, json }: ExtendOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        const extend = { projectId, runId: run, epochs };
        await runToTheEnd(session, projectId, () => session.client.call('run.extend', extend));
      });
    });
}
