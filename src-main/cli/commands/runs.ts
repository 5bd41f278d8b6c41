import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { openProject } from '../session.ts';
import { percent, table } from '../words.ts';

/** graft runs <project> */
export function addRunsCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('runs')
    .description('list the runs of a project, latest first')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft runs chairs.graft')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId, labelling } = await openProject(session, project, 'read');
        const measure = labelling === 'multi-label' ? 'mAP' : 'accuracy';
        const { runs } = await session.client.call('run.list', { projectId });
        const rows = runs.map(({ id, name, recipe, status, result, labelResult, createdAt }) => ({
          run: id,
          name,
          mode: recipe.mode,
          status,
          accuracy: result?.accuracy ?? null,
          ...(labelResult && { meanAveragePrecision: labelResult.meanAveragePrecision }),
          split: (result ?? labelResult)?.split ?? null,
          createdAt,
        }));
        const heading = ['run', 'name', 'mode', 'status', measure, 'created'];
        const cells = rows.map((row) => [
          row.run,
          row.name,
          row.mode,
          row.status,
          percent(row.meanAveragePrecision ?? row.accuracy),
          row.createdAt,
        ]);
        session.output.result(
          { runs: rows },
          rows.length === 0 ? ['There are no runs yet.'] : table([heading, ...cells]),
        );
      });
    });
}
