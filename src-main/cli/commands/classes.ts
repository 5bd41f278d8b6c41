import { InvalidArgumentError, type Command } from 'commander';
import * as v from 'valibot';
import { classColorSchema, classKeys, classKeySchema } from '../../../src-shared/domain/class-details.ts';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { findClass } from '../find-in-dataset.ts';
import { openProject, type Session } from '../session.ts';
import { count, table } from '../words.ts';

const example = `
Examples:
  graft classes list chairs.graft
  graft classes merge chairs.graft stool chair
  graft classes change chairs.graft chair --color 4 --key C`;

/** graft classes list | add | change | merge | delete | order */
export function addClassesCommand(program: Command, commandLine: CommandLine): void {
  const classes = program
    .command('classes')
    .description('list, add, change, merge, delete and order the classes of a project')
    .addHelpText('after', example);
  const declare = (name: string, description: string): Command =>
    classes
      .command(name)
      .description(description)
      .argument('<project>', 'the folder of the project')
      .option('--json', 'print JSON lines');
  declare('list', 'list the classes with their keys, colours and numbers of images').action(
    async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        tellClasses(session, await session.client.call('dataset.get', { projectId }));
      });
    },
  );

  /** Does one change and tells the classes that there are then. */
  async function change(
    project: string,
    json: boolean | undefined,
    work: (session: Session, projectId: ProjectId, dataset: Dataset) => Promise<unknown>,
  ): Promise<void> {
    await commandLine.run({ json, access: 'write' }, async (session) => {
      const { id: projectId } = await openProject(session, project, 'write');
      await work(session, projectId, await session.client.call('dataset.get', { projectId }));
      tellClasses(session, await session.client.call('dataset.get', { projectId }));
    });
  }

  declare('add', 'add a class')
    .argument('<name>')
    .action((project: string, name: string, { json }: { json?: boolean }) =>
      change(project, json, ({ client }, projectId) => client.call('dataset.addClass', { projectId, name })),
    );

  declare('change', 'give a class another name, description, colour or key')
    .argument('<class>', 'its name')
    .option('--name <name>', 'its new name')
    .option('--description <text>', 'what belongs to it')
    .option('--color <number>', 'one of the colours 1 to 12, or auto', parseColor)
    .option('--key <key>', 'a digit or a letter that sets it, or none', parseKey)
    .action((project: string, name: string, { json, ...details }: ChangeOptions) =>
      change(project, json, ({ client }, projectId, { classes: all }) =>
        client.call('dataset.changeClass', { projectId, classId: findClass(all, name), change: details }),
      ),
    );

  declare('merge', 'make a class one with another, which keeps its name')
    .argument('<class>', 'the name of the class that goes')
    .argument('<into>', 'the name of the class that stays')
    .action((project: string, name: string, into: string, { json }: { json?: boolean }) =>
      change(project, json, ({ client }, projectId, { classes: all }) =>
        client.call('dataset.mergeClass', { projectId, classId: findClass(all, name), into: findClass(all, into) }),
      ),
    );

  declare('delete', 'delete a class; its images stay without a label, or get another class')
    .argument('<class>', 'its name')
    .option('--move-to <class>', 'the class that its images get')
    .action((project: string, name: string, { json, moveTo }: { json?: boolean; moveTo?: string }) =>
      change(project, json, ({ client }, projectId, { classes: all }) =>
        client.call('dataset.deleteClass', {
          projectId,
          classId: findClass(all, name),
          moveTo: moveTo === undefined ? null : findClass(all, moveTo),
        }),
      ),
    );

  declare('order', 'put classes first, in this order; the others follow as they were')
    .argument('<class...>', 'their names')
    .action((project: string, names: readonly string[], { json }: { json?: boolean }) =>
      change(project, json, ({ client }, projectId, { classes: all }) => {
        const first = names.map((name) => findClass(all, name));
        const rest = all.map(({ id }) => id).filter((id) => !first.includes(id));
        return client.call('dataset.orderClasses', { projectId, classIds: [...first, ...rest] });
      }),
    );
}

interface ChangeOptions {
  readonly json?: boolean;
  readonly name?: string;
  readonly description?: string;
  readonly color?: number | null;
  readonly key?: string | null;
}

function parseColor(text: string): number | null {
  if (text === 'auto') return null;
  const parsed = v.safeParse(classColorSchema, Number(text));
  if (!parsed.success) throw new InvalidArgumentError('Expected a number from 1 to 12, or auto.');
  return parsed.output;
}

function parseKey(text: string): string | null {
  if (text === 'none') return null;
  const parsed = v.safeParse(classKeySchema, text.toUpperCase());
  if (!parsed.success) throw new InvalidArgumentError(`Expected one of ${classKeys.join(' ')}, or none.`);
  return parsed.output;
}

function tellClasses({ output }: Session, { classes, images }: Dataset): void {
  const counts = Map.groupBy(
    images.flatMap(({ classId, classIds }) => classIds ?? classId ?? []),
    (classId) => classId,
  );
  const rows = classes.map((one) => ({
    ...{ class: one.name, id: one.id, images: counts.get(one.id)?.length ?? 0 },
    ...{ key: one.key, color: one.color, isColorChosen: one.isColorChosen, description: one.description },
  }));
  const heading = ['class', 'images', 'key', 'colour', 'description'];
  const cells = rows.map((row) => [
    ...[row.class, String(row.images), row.key ?? '–'],
    ...[row.isColorChosen ? String(row.color) : `${row.color} (auto)`, row.description],
  ]);
  output.result({ classes: rows }, rows.length === 0 ? [count(0, 'class')] : table([heading, ...cells]));
}
