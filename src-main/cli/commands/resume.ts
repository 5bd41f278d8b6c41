import type { Command } from 'commander';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { parseRunId } from '../option-values.ts';
import { runToTheEnd } from '../run-to-the-end.ts';
import { openProject } from '../session.ts';

interface ResumeOptions {
  readonly run: RunId;
  readonly json?: boolean;
}

/** graft resume <project> --run <id> */
export function addResumeCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('resume')
    .description('go on with a run that was cancelled, interrupted or failed, as if it had never stopped')
    .argument('<project>', 'the folder of the project')
    .requiredOption('--run <id>', 'the run', parseRunId)
    .option('--json', 'print JSON lines, as train does')
    .addHelpText('after', '\nExample:\n  graft resume chairs.graft --run run-1-3fa9')
    .action(async (project: string, { run, json }: ResumeOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        await runToTheEnd(session, projectId, () => session.client.call('run.resume', { projectId, runId: run }));
      });
    });
}
