import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { importList, isListName, type ListOptions } from '../import-list.ts';
import { describeImport, importSources, resumeImport, type EndedImport } from '../import-sources.ts';
import { openProject, type Session } from '../session.ts';

/** graft import <project> <sources…> */
export function addImportCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('import')
    .description('import folders, zip archives or image files: folder names become classes, train/val/test stay splits')
    .argument('<project>', 'the folder of the project')
    .argument(
      '[sources...]',
      'folders, .zip archives and image files, or one list of labels (CSV, TSV, JSON lines, COCO); again adds nothing twice',
    )
    .option('--images <folder>', 'where the files of a list are; beside it otherwise')
    .option('--file-column <name>', 'which column of a list names the files: its name, or its number from 1')
    .option('--class-column <name>', 'which column has the classes')
    .option('--split-column <name>', 'which column has the splits: train, val, test')
    .option('--known-classes-only', 'add no class that the project lacks; such rows are reported')
    .option('--resume', 'go on with the latest import that was interrupted or failed')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      `
Examples:
  graft import chairs.graft ~/pictures/more-chairs --json
  graft import chairs.graft oak.zip beech.zip
  graft import chairs.graft labels.csv --images photos.zip --class-column species
  graft import chairs.graft --resume`,
    )
    .action(async (project: string, sources: readonly string[], { json, resume, ...list }: ImportFlags) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        if (sources.length > 0 === (resume === true)) {
          throw new AppError('bad-input', 'Name what to import, or “--resume” alone.');
        }
        const { id } = await openProject(session, project, 'write');
        const ended = await runImport(session, id, { sources, resume, list });
        const { fields, words } = describeImport(ended);
        session.output.result(fields, words);
      });
    });
}

async function runImport(
  session: Session,
  id: ProjectId,
  { sources, resume, list }: { sources: readonly string[]; resume: boolean | undefined; list: ListOptions },
): Promise<EndedImport> {
  if (resume === true) return await resumeImport(session, id);
  const lists = sources.filter(isListName);
  const [only] = lists;
  if (only === undefined) return await importSources(session, id, sources);
  if (sources.length === 1) return await importList(session, id, only, list);
  throw new AppError('bad-input', 'Import a list of labels alone; “--images” says where its files are.');
}

interface ImportFlags extends ListOptions {
  readonly json?: boolean;
  readonly resume?: boolean;
}
