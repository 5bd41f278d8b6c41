import path from 'node:path';
import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { describeImport, importSources } from '../import-sources.ts';

interface NewOptions {
  readonly images?: string;
  readonly multiLabel?: boolean;
  readonly json?: boolean;
}

/** graft new <project> [--images <folder>] [--multi-label] */
export function addNewCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('new')
    .description('make a project in a new or empty folder')
    .argument('<project>', 'the folder of the project, by custom with the ending .graft')
    .option('--images <folder>', 'import this folder or zip archive at once: folder names become classes')
    .option('--multi-label', 'images have any number of classes, not one each; for good')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      '\nExamples:\n  graft new chairs.graft --images ~/pictures/chairs\n  graft new street.graft --multi-label',
    )
    .action(async (project: string, { images, multiLabel, json }: NewOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const labelling = multiLabel === true ? 'multi-label' : 'single-label';
        // Asked first: a wrong folder should not leave an empty project behind.
        if (images !== undefined) await session.core.host.grantSource(path.resolve(images));
        const { id, name, path: folder } = await session.core.host.createProject(path.resolve(project), labelling);
        const fields = { project: folder, id, name, labelling };
        if (images === undefined) {
          session.output.result(fields, [`Made ${folder}`]);
          return;
        }
        const ended = await importSources(session, id, [images]);
        session.output.result({ ...fields, ...describeImport(ended).fields }, [
          `Made ${folder}`,
          ...describeImport(ended).words,
        ]);
      });
    });
}
