import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { describeImport, importFolder } from '../import-folder.ts';
import { openProject } from '../session.ts';

/** graft import <project> <folder> */
export function addImportCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('import')
    .description('import a folder of images: folder names become classes, train/val/test stay splits')
    .argument('<project>', 'the folder of the project')
    .argument('<folder>', 'the folder of images; importing it again adds nothing twice')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft import chairs.graft ~/pictures/more-chairs --json')
    .action(async (project: string, folder: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { id } = await openProject(session, project, 'write');
        const { fields, words } = describeImport(await importFolder(session, id, folder));
        session.output.result(fields, words);
      });
    });
}
