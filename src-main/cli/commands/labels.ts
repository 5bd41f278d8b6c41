import path from 'node:path';
import { Option, type Command } from 'commander';
import { labelFormats, type LabelFormat } from '../../../src-shared/domain/label-format.ts';
import type { CommandLine } from '../command-line.ts';
import { openProject } from '../session.ts';
import { count } from '../words.ts';

/** graft labels export <project> <folder> */
export function addLabelsCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('labels')
    .description('labels for other programs')
    .command('export')
    .description('write the labels, with copies of the images where the format has them, into a new folder')
    .argument('<project>', 'the folder of the project')
    .argument('<folder>', 'the new folder; it must not be there yet')
    .addOption(
      new Option('--format <format>', 'a table, folders by split and class, COCO, or Hugging Face’s imagefolder')
        .choices(labelFormats)
        .default('csv'),
    )
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft labels export chairs.graft chairs-coco --format coco')
    .action(async (project: string, folder: string, { format, json }: { format: LabelFormat; json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        const target = path.resolve(folder);
        const { token } = await session.core.host.grantFolder(path.dirname(target));
        const request = { projectId, folder: token, name: path.basename(target), format };
        const written = await session.client.call('labels.export', request);
        session.output.result({ ...written, format }, [
          `Wrote the labels of ${count(written.imageCount, 'image')} to ${written.path}`,
        ]);
      });
    });
}
