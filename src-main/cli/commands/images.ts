import type { Command } from 'commander';
import type { Client } from '../../../src-shared/contract/contract.ts';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { HistoryClass, HistoryEntry, ImageChange } from '../../../src-shared/domain/image-history.ts';
import type { ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { CommandLine } from '../command-line.ts';
import { findClass, findImages } from '../find-in-dataset.ts';
import { openProject } from '../session.ts';
import { count, table } from '../words.ts';

const example = `
An image is named by the path that it was imported from, its file name, or the first letters of its id.

Examples:
  graft images label chairs.graft oak 0031.jpg 0032.jpg
  graft images skip chairs.graft 0033.jpg
  graft images history chairs.graft 0031.jpg

In a multi-label project “label” puts a class on beside others, “unlabel” takes it off, and “none” says that none applies.`;

/** graft images label | unlabel | none | clear | skip | unsure | unmark | tag | untag | trash | restore | history */
export function addImagesCommand(program: Command, commandLine: CommandLine): void {
  const images = program
    .command('images')
    .description('label, mark, tag and trash images, and look at their history')
    .addHelpText('after', example);

  /** Declares a command that changes the images named last on the line. */
  function declare(name: string, description: string, word: string | null, change: Change): void {
    const command = images.command(name).description(description).argument('<project>', 'the folder of the project');
    if (word !== null) command.argument(word);
    command
      .argument('<image...>', 'the images')
      .option('--json', 'print JSON lines')
      .action(async (project: string, ...rest: readonly unknown[]) => {
        const value = word === null ? '' : String(rest[0]);
        const [words, { json }] = rest.slice(word === null ? 0 : 1) as [readonly string[], { json?: boolean }];
        await commandLine.run({ json, access: 'write' }, async (session) => {
          const { id: projectId, labelling } = await openProject(session, project, 'write');
          const dataset = await session.client.call('dataset.get', { projectId });
          const { changed } = await change({ ...session, projectId, labelling, dataset, words, value });
          session.output.result({ changed }, [`${count(changed, 'image')} changed`]);
        });
      });
  }

  declare('label', 'give images a class', '<class>', ({ client, value, labelling, ...of }) => {
    const classId = findClass(of.dataset.classes, value);
    return labelling === 'multi-label'
      ? client.call('dataset.putClass', { ...chosen(of), classId, isOn: true })
      : client.call('dataset.setLabel', { ...chosen(of), classId });
  });
  declare('unlabel', 'in a multi-label project: take a class off images', '<class>', ({ client, value, ...of }) =>
    client.call('dataset.putClass', { ...chosen(of), classId: findClass(of.dataset.classes, value), isOn: false }),
  );
  declare('none', 'in a multi-label project: say that images have none of the classes', null, ({ client, ...of }) =>
    client.call('dataset.setLabels', { ...chosen(of), classIds: [] }),
  );
  declare('clear', 'take the label away, or all labels', null, ({ client, labelling, ...of }) =>
    labelling === 'multi-label'
      ? client.call('dataset.setLabels', { ...chosen(of), classIds: null })
      : client.call('dataset.setLabel', { ...chosen(of), classId: null }),
  );
  declare('skip', 'leave images out of training', null, ({ client, ...of }) =>
    client.call('dataset.setMark', { ...chosen(of), mark: 'skip' }),
  );
  declare('unsure', 'mark images as not sure, to be looked at again', null, ({ client, ...of }) =>
    client.call('dataset.setMark', { ...chosen(of), mark: 'unsure' }),
  );
  declare('unmark', 'take the mark away', null, ({ client, ...of }) =>
    client.call('dataset.setMark', { ...chosen(of), mark: null }),
  );
  declare('tag', 'put a tag on images', '<tag>', ({ client, value, ...of }) =>
    client.call('dataset.changeTags', { ...chosen(of), add: [value], remove: [] }),
  );
  declare('untag', 'take a tag off images', '<tag>', ({ client, value, ...of }) =>
    client.call('dataset.changeTags', { ...chosen(of), add: [], remove: [value] }),
  );
  declare('trash', 'move images to the trash', null, ({ client, ...of }) => client.call('dataset.trash', chosen(of)));
  declare('restore', 'bring images back from the trash', null, async ({ client, projectId, words }) => {
    const { images: trashed } = await client.call('dataset.listTrash', { projectId });
    return client.call('dataset.restore', { projectId, imageIds: [...findImages(trashed, words)] });
  });
  addHistory(images, commandLine);
}

interface Asked {
  readonly projectId: ProjectId;
  readonly labelling: Labelling;
  readonly dataset: Dataset;
  /** What names the images. */
  readonly words: readonly string[];
}

/** `value` is the word before the images, such as a class. */
type Change = (
  of: Asked & { readonly client: Client; readonly value: string },
) => Promise<{ readonly changed: number }>;

function chosen({ projectId, dataset, words }: Omit<Asked, 'labelling'>): {
  projectId: ProjectId;
  imageIds: ImageId[];
} {
  return { projectId, imageIds: [...findImages(dataset.images, words)] };
}

function addHistory(images: Command, commandLine: CommandLine): void {
  images
    .command('history')
    .description('what happened to an image, latest first; --restore brings an earlier state back')
    .argument('<project>', 'the folder of the project')
    .argument('<image>', 'the image')
    .option('--restore <number>', 'the number before the state to bring back')
    .option('--json', 'print JSON lines')
    .action(async (project: string, word: string, { restore, json }: { restore?: string; json?: boolean }) => {
      const access = restore === undefined ? 'read' : 'write';
      await commandLine.run({ json, access }, async ({ client, output, ...session }) => {
        const { id: projectId } = await openProject({ client, output, ...session }, project, access);
        const dataset = await client.call('dataset.get', { projectId });
        const { images: trashed } = await client.call('dataset.listTrash', { projectId });
        const [imageId] = findImages([...dataset.images, ...trashed], [word]);
        if (imageId === undefined) return;
        if (restore !== undefined) {
          const edit = restore === '0' ? null : Number(restore);
          await client.call('dataset.restoreState', { projectId, imageId, edit });
        }
        const { entries } = await client.call('dataset.history', { projectId, imageId });
        output.result({ image: imageId, entries }, table([['number', 'when', 'who', 'what'], ...entries.map(toCells)]));
      });
    });
}

function toCells({ edit, at, by, changes }: HistoryEntry): readonly string[] {
  return [String(edit ?? 0), at, by, changes.map(wordChange).join(', ')];
}

function nameClasses(classes: readonly HistoryClass[] | null): string {
  return classes === null ? 'not labelled' : classes.map(({ name }) => name).join(' + ') || 'none of them';
}

function wordChange(change: ImageChange): string {
  switch (change.what) {
    case 'class':
      return `class ${change.from?.name ?? 'none'} → ${change.to?.name ?? 'none'}`;
    case 'labels':
      return `classes ${nameClasses(change.from)} → ${nameClasses(change.to)}`;
    case 'split':
      return `split ${change.from ?? 'none'} → ${change.to}`;
    case 'mark':
      return `mark ${change.from ?? 'none'} → ${change.to ?? 'none'}`;
    case 'tag':
      return `tag ${change.isAdded ? '+' : '−'} ${change.tag}`;
    case 'trash':
      return change.isIn ? 'to the trash' : 'from the trash';
    default:
      return assertNever(change, 'change');
  }
}
