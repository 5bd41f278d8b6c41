import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandLine } from '../command-line.ts';
import { describeImport, importSources, resumeImport } from '../import-sources.ts';
import { openProject } from '../session.ts';

/** graft import <project> <sources…> */
export function addImportCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('import')
    .description('import folders, zip archives or image files: folder names become classes, train/val/test stay splits')
    .argument('<project>', 'the folder of the project')
    .argument('[sources...]', 'folders, .zip archives and image files; importing them again adds nothing twice')
    .option('--resume', 'go on with the latest import that was interrupted or failed')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      `
Examples:
  graft import chairs.graft ~/pictures/more-chairs --json
  graft import chairs.graft oak.zip beech.zip
  graft import chairs.graft --resume`,
    )
    .action(async (project: string, sources: readonly string[], { json, resume }: ImportFlags) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        if (sources.length > 0 === (resume === true)) {
          throw new AppError('bad-input', 'Name what to import, or “--resume” alone.');
        }
        const { id } = await openProject(session, project, 'write');
        const ended = resume === true ? await resumeImport(session, id) : await importSources(session, id, sources);
        const { fields, words } = describeImport(ended);
        session.output.result(fields, words);
      });
    });
}

interface ImportFlags {
  readonly json?: boolean;
  readonly resume?: boolean;
}
