import type { Command } from 'commander';
import type { Quality } from '../../../src-shared/contract/quality.contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { CheckId, DatasetCheck } from '../../../src-shared/domain/quality.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import type { CommandLine } from '../command-line.ts';
import { lookAtPictures } from '../look-at-pictures.ts';
import { openProject, type Session } from '../session.ts';
import { count } from '../words.ts';

/** graft check <project> */
export function addCheckCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('check')
    .description('look for what may be wrong with a dataset: leaks between splits, copies, odd images, classes, files')
    .argument('<project>', 'the folder of the project')
    .option('--files', 'read every file and compare it with its hash, too')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExit code 1 when a check warns.\n\nExample:\n  graft check chairs.graft --files')
    .action(async (project: string, { json, files = false }: { json?: boolean; files?: boolean }) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        await lookAtPictures(session, projectId);
        if (files && !session.interrupted.aborted) await compareFiles(session, projectId);
        const quality = await session.client.call('quality.get', { projectId });
        const { checks, guard, leaks, frozenTest } = quality;
        session.output.result({ checks, guard, leaks, frozenTest, files: quality.files }, words(quality));
        if (checks.some(({ tone }) => tone === 'warning')) commandLine.end(1);
      });
    });
}

async function compareFiles({ client, output, interrupted }: Session, projectId: ProjectId): Promise<void> {
  const changed = new EventTarget();
  const stopListening = client.on('quality.changed', () => changed.dispatchEvent(new Event('change')));
  try {
    let state = await client.call('quality.checkFiles', { projectId, what: 'start' });
    while (state.isChecking && !interrupted.aborted) {
      output.progress(`${state.done} of ${state.total} files compared`);
      await new Promise<void>((resolve) => {
        changed.addEventListener('change', () => resolve(), { once: true });
        setTimeout(resolve, 500);
      });
      state = (await client.call('quality.get', { projectId })).files;
    }
    if (interrupted.aborted) await client.call('quality.checkFiles', { projectId, what: 'stop' });
  } finally {
    stopListening();
  }
}

function words({ checks, guard, files, frozenTest }: Quality): readonly string[] {
  const told = checks.filter(({ tone }) => tone === 'warning' || tone === 'hint');
  const fine = checks.filter(({ tone }) => tone === 'good').length;
  const unknown = checks.filter(({ tone }) => tone === 'unknown').map(({ id }) => id);
  const tied = guard.filter(({ groups }) => groups > 0);
  return [
    ...told.map((check) => `${check.tone === 'warning' ? '!' : '·'} ${sentence(check)}`),
    ...files.changed.map(
      ({ fileName, reason, isLeftOut }) => `  ${fileName}${isLeftOut ? ' (left out)' : ''}: ${textOf(reason)}`,
    ),
    `${count(fine, 'check')} found nothing.`,
    ...(unknown.length > 0 ? [`Not known yet: ${unknown.join(', ')}`] : []),
    ...tied.map(
      ({ kind, label, groups, images }) =>
        `Kept together: ${label ?? kind}, ${count(groups, 'group')}, ${count(images, 'image')}`,
    ),
    ...(frozenTest
      ? [
          `Test set frozen at ${frozenTest.frozenAt}: ${count(frozenTest.imageCount, 'image')}; since then ${frozenTest.relabelled} relabelled, ${frozenTest.joined} joined, ${frozenTest.left} left`,
        ]
      : []),
  ];
}

function sentence({ id, count: number, facts }: DatasetCheck): string {
  const sentences: Readonly<Record<CheckId, string>> = {
    leaks: `Leaks: ${count(number, 'group')} of alike images in more than one split (${facts['images']} images)`,
    'label-conflicts': `Label conflicts: ${count(number, 'group')} of near copies with different labels`,
    'changed-files': `Changed files: ${count(number, 'file')} not as imported`,
    'near-copies': `Near copies: ${count(number, 'group')}, ${facts['images']} images`,
    imbalance: `Imbalance: ${facts['most']} has ${facts['mostCount']} images, ${facts['least']} ${facts['leastCount']}`,
    'few-images': `Few images: ${number} classes have fewer than ${facts['enough']}; ${facts['least']} has ${facts['leastCount']}`,
    'similar-names': `Similar names: ${facts['names']}`,
    dark: `Dark: ${count(number, 'image')}`,
    overexposed: `Overexposed: ${count(number, 'image')}`,
    blurred: `Blurred: ${count(number, 'image')}`,
    tiny: `Tiny: ${count(number, 'image')}`,
    huge: `Huge: ${count(number, 'image')}`,
    'odd-shape': `Odd shape: ${count(number, 'image')}`,
    grey: `Grey among coloured: ${count(number, 'image')}`,
  };
  return sentences[id];
}
