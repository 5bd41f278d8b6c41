import type { Command } from 'commander';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { TiedGroup } from '../../../src-shared/domain/quality.ts';
import type { CommandLine } from '../command-line.ts';
import { lookAtPictures } from '../look-at-pictures.ts';
import { openProject } from '../session.ts';
import { count } from '../words.ts';

interface DuplicateOptions {
  readonly json?: boolean;
  readonly leaks?: boolean;
  readonly conflicts?: boolean;
}

/** graft duplicates <project> */
export function addDuplicatesCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('duplicates')
    .description('list images that look the same, in groups; files of equal content are imported only once')
    .argument('<project>', 'the folder of the project')
    .option('--leaks', 'only groups that are in more than one split')
    .option('--conflicts', 'only groups whose images have different labels')
    .option('--json', 'print JSON lines: one “group” each')
    .addHelpText('after', '\nExample:\n  graft duplicates chairs.graft --leaks')
    .action(async (project: string, { json, leaks = false, conflicts = false }: DuplicateOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { client, output } = session;
        const { id: projectId } = await openProject(session, project, 'write');
        await lookAtPictures(session, projectId);
        const dataset = await client.call('dataset.get', { projectId });
        const only = leaks ? 'leaks' : conflicts ? 'conflicts' : 'all';
        const { groups, total } = await client.call('quality.groups', { projectId, kind: 'near', only });
        const describe = describer(dataset);
        for (const group of groups) {
          const images = group.images.map(describe);
          output.tell('group', { splits: group.splits, hasLabelConflict: group.hasLabelConflict, images });
          for (const line of words(group, images)) output.say(line);
        }
        output.result({ groups: total }, [`${count(total, 'group')} of near copies`]);
      });
    });
}

interface DescribedImage {
  readonly id: ImageId;
  readonly source: string;
  readonly class: string | null;
  readonly split: string | null;
}

function describer({ classes, images }: Dataset): (id: ImageId) => DescribedImage {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const byId = new Map(images.map((image) => [image.id, image]));
  return (id) => {
    const image = byId.get(id);
    const className = image?.classId == null ? null : (names.get(image.classId) ?? null);
    return { id, source: image?.source ?? '', class: className, split: image?.split ?? null };
  };
}

function words({ hasLabelConflict, splits }: TiedGroup, images: readonly DescribedImage[]): readonly string[] {
  const marks = [
    ...(splits.length > 1 ? ['in several splits'] : []),
    ...(hasLabelConflict ? ['different labels'] : []),
  ];
  return [
    `${count(images.length, 'image')}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`,
    ...images.map((image) => `  ${image.source}  ${image.class ?? '–'}, ${image.split ?? '–'}`),
  ];
}
