import type { Command } from 'commander';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { projectIdSchema, snapshotIdSchema, type ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Snapshot } from '../../../src-shared/domain/snapshot.ts';
import type { CommandLine } from '../command-line.ts';
import { openProject, type Session } from '../session.ts';
import { table } from '../words.ts';

/** graft snapshots list | take | restore */
export function addSnapshotsCommand(program: Command, commandLine: CommandLine): void {
  const snapshots = program
    .command('snapshots')
    .description('earlier states of a project: images, labels and pipelines, kept by themselves');
  snapshots
    .command('list')
    .description('list them, latest first, with what happened since; works with a damaged database')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft snapshots list chairs.graft')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, (session) => list(session, project));
    });
  snapshots
    .command('take')
    .description('keep the present state')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'write' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        const snapshot = await session.client.call('snapshot.take', { projectId });
        session.output.result({ snapshot }, [`Kept as ${snapshot.id}.`]);
      });
    });
  snapshots
    .command('restore')
    .description('put one back; the present state is kept first, so it can be put back the same way')
    .argument('<project>', 'the folder of the project')
    .argument('<snapshot>', 'as “graft snapshots list” names it')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft snapshots restore chairs.graft 20260304-050607-abcd')
    .action(async (project: string, snapshot: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'write' }, (session) => restore(session, project, snapshot));
    });
}

async function list(session: Session, folder: string): Promise<void> {
  const projectId = await idOf(session, folder, 'read');
  const { snapshots } = await session.client.call('snapshot.list', { projectId });
  const heading = ['snapshot', 'taken', 'because', 'images', 'labelled', 'since then'];
  const rows = snapshots.map((one) => [
    ...[one.id, one.at, one.reason, String(one.images), String(one.labelled), sinceWords(one)],
  ]);
  session.output.result({ snapshots }, rows.length === 0 ? ['There are no snapshots yet.'] : table([heading, ...rows]));
}

async function restore(session: Session, folder: string, name: string): Promise<void> {
  const projectId = await idOf(session, folder, 'write');
  const snapshotId = v.safeParse(snapshotIdSchema, name);
  if (!snapshotId.success) throw new AppError('not-found', say('snapshotGone'));
  const { kept } = await session.client.call('snapshot.restore', { projectId, snapshotId: snapshotId.output });
  const words = kept === null ? 'The damaged database is in snapshots/.' : `The state before it is kept as ${kept}.`;
  session.output.result({ kept }, [`Put ${name} back. ${words}`]);
}

/** A project whose database is damaged cannot be opened, and is the one that needs its snapshots most. */
async function idOf(session: Session, folder: string, access: 'read' | 'write'): Promise<ProjectId> {
  try {
    return (await openProject(session, folder, access)).id;
  } catch (error) {
    const id = v.safeParse(projectIdSchema, error instanceof AppError ? error.detail?.['projectId'] : undefined);
    if (id.success) return id.output;
    throw error;
  }
}

function sinceWords({ since }: Snapshot): string {
  if (since === null) return 'unknown';
  const { imagesAdded, imagesGone, labelsChanged } = since;
  const words = [
    ...(imagesAdded > 0 ? [`${imagesAdded} images came`] : []),
    ...(imagesGone > 0 ? [`${imagesGone} images went`] : []),
    ...(labelsChanged > 0 ? [`${labelsChanged} labels changed`] : []),
  ];
  return words.length === 0 ? 'no image or label changed' : words.join(', ');
}
