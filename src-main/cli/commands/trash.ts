import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { openProject } from '../session.ts';
import { count, gigabytes, table } from '../words.ts';

/** graft trash list | empty */
export function addTrashCommand(program: Command, commandLine: CommandLine): void {
  const trash = program.command('trash').description('list the images in the trash, or delete them for good');
  trash
    .command('list')
    .description('list the images in the trash, latest first')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async ({ client, output, ...session }) => {
        const { id: projectId } = await openProject({ client, output, ...session }, project, 'read');
        const { images } = await client.call('dataset.listTrash', { projectId });
        const rows = images.map(({ id, source, sizeBytes, trashedAt }) => ({
          image: id,
          source,
          sizeBytes,
          trashedAt,
        }));
        const cells = rows.map(({ image, source, sizeBytes, trashedAt }) => [
          ...[image.slice(0, 12), source, gigabytes(sizeBytes), trashedAt],
        ]);
        output.result(
          { images: rows },
          rows.length === 0 ? ['The trash is empty.'] : table([['image', 'source', 'size', 'since'], ...cells]),
        );
      });
    });
  trash
    .command('empty')
    .description('delete the images in the trash and their files; there is no way back')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'write' }, async ({ client, output, ...session }) => {
        const { id: projectId } = await openProject({ client, output, ...session }, project, 'write');
        const { deleted, freedBytes } = await client.call('dataset.emptyTrash', { projectId });
        output.result({ deleted, freedBytes }, [`${count(deleted, 'image')} deleted, ${gigabytes(freedBytes)} freed`]);
      });
    });
}
