import path from 'node:path';
import { Option, type Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { classSeparators } from '../../../src-shared/domain/class-list.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { importList, isListName, type ListOptions } from '../import-list.ts';
import { importProject, parseMapping, type ProjectOptions } from '../import-project.ts';
import { describeImport, importSources, resumeImport, type EndedImport } from '../import-sources.ts';
import { openProject, type Session } from '../session.ts';

/** graft import <project> <sources…> */
export function addImportCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('import')
    .description(
      'import folders, zip archives, image files, a list of labels or another project: folder names become classes, train/val/test stay splits',
    )
    .argument('<project>', 'the folder of the project')
    .argument(
      '[sources...]',
      'folders, .zip archives and image files; or one list of labels (CSV, TSV, JSON lines, COCO); or the folder of another project; again adds nothing twice',
    )
    .option('--images <folder>', 'where the files of a list are; beside it otherwise')
    .option('--file-column <name>', 'which column of a list names the files: its name, or its number from 1')
    .option('--class-column <name>', 'which column has the classes')
    .addOption(
      new Option(
        '--class-separator <character>',
        'in a multi-label project: what stands between the classes of an image',
      ).choices(classSeparators),
    )
    .option('--split-column <name>', 'which column has the splits: train, val, test')
    .option('--known-classes-only', 'add no class that the project lacks; such rows are reported')
    .addOption(
      new Option(
        '--splits <how>',
        'from another project: keep its validation and test images apart, or share all out as new',
      )
        .choices(['keep', 'new'])
        .default('new'),
    )
    .addOption(
      new Option(
        '--shared <how>',
        'images that both projects have: fill in labels that lack here, or replace those that differ',
      )
        .choices(['fill', 'replace'])
        .default('fill'),
    )
    .option(
      '--class <from=to...>',
      'classes of another project that get another name here; nothing behind = means none',
      parseMapping,
    )
    .option('--resume', 'go on with the latest import that was interrupted or failed')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      `
Examples:
  graft import chairs.graft ~/pictures/more-chairs --json
  graft import chairs.graft oak.zip beech.zip
  graft import chairs.graft labels.csv --images photos.zip --class-column species
  graft import chairs.graft ../office.graft --splits keep --class "swivel chair=chair"
  graft import chairs.graft --resume`,
    )
    .action(async (project: string, sources: readonly string[], { json, resume, ...options }: ImportFlags) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        if (sources.length > 0 === (resume === true)) {
          throw new AppError('bad-input', 'Name what to import, or “--resume” alone.');
        }
        const { id } = await openProject(session, project, 'write');
        const ended = await runImport(session, id, { sources, resume, options });
        const { fields, words } = describeImport(ended);
        session.output.result(fields, words);
      });
    });
}

async function runImport(
  session: Session,
  id: ProjectId,
  { sources, resume, options }: { sources: readonly string[]; resume: boolean | undefined; options: SourceOptions },
): Promise<EndedImport> {
  if (resume === true) return await resumeImport(session, id);
  const [only] = sources;
  if (only !== undefined && sources.length === 1) {
    if (isListName(only)) return await importList(session, id, only, options);
    const { token } = await session.core.host.grantSource(path.resolve(only));
    const { kind } = await session.client.call('import.recognise', { source: token });
    if (kind === 'project') return await importProject(session, id, token, options);
  }
  if (!sources.some(isListName)) return await importSources(session, id, sources);
  throw new AppError('bad-input', 'Import a list of labels alone; “--images” says where its files are.');
}

type SourceOptions = ListOptions & ProjectOptions;

interface ImportFlags extends SourceOptions {
  readonly json?: boolean;
  readonly resume?: boolean;
}
