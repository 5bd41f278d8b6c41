import type { Command } from 'commander';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { parseRunId, wholeNumberFrom } from '../option-values.ts';
import { runToTheEnd } from '../run-to-the-end.ts';
import { openProject } from '../session.ts';

interface ResumeOptions {
  readonly run: RunId;
  readonly batchSize?: number;
  readonly json?: boolean;
}

/** graft resume <project> --run <id> [--batch-size <number>] */
export function addResumeCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('resume')
    .description('go on with a run that was cancelled, interrupted or failed, as if it had never stopped')
    .argument('<project>', 'the folder of the project')
    .requiredOption('--run <id>', 'the run', parseRunId)
    .option('--batch-size <number>', 'go on with a smaller batch, as a new run', wholeNumberFrom(1))
    .option('--json', 'print JSON lines, as train does')
    .addHelpText(
      'after',
      '\nA smaller batch is for a run that memory ran out for: half of it takes about half of the memory.\n\nExamples:\n  graft resume chairs.graft --run run-1-3fa9\n  graft resume chairs.graft --run run-1-3fa9 --batch-size 16',
    )
    .action(async (project: string, { run, batchSize, json }: ResumeOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        const ofRun = { projectId, runId: run };
        await runToTheEnd(session, projectId, () =>
          batchSize === undefined
            ? session.client.call('run.resume', ofRun)
            : session.client.call('run.continueSmaller', { ...ofRun, batchSize }),
        );
      });
    });
}
