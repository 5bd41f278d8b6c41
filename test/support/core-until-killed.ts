// A core that works on a project for as long as it lives and prints a line for each thing that it was told is done.
// Usage: node core-until-killed.ts <home> <project folder> label | import <folder of images>
import { writeSync } from 'node:fs';
import { createInProcessClient } from '../../src-main/core/in-process-client.ts';
import { composeIn } from '../contract/compose-for-test.ts';
import { readProjectRows } from './project-rows.ts';

const [home = '', root = '', work = '', source = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

const { core } = await composeIn(home);
const client = createInProcessClient(core);
const { token } = await core.host.grantFolder(root);
say('opening');
const { id: projectId, readOnlyBecause } = await client.call('project.openFolder', { folder: token });
if (readOnlyBecause !== null) throw new Error('Expected the right to write');
say('open');
if (work === 'label') await labelForEver();
else await importOnce();

async function labelForEver(): Promise<never> {
  const { images, classes } = readProjectRows(root);
  let undoable = 0;
  for (let step = Math.floor(Math.random() * 1000); ; step += 1) {
    const image = images[(step * 7) % images.length]!;
    const classId = classes[(step * 5 + Math.floor(step / 11)) % classes.length]!.id;
    if (step % 13 === 12 && undoable > 0) {
      const { revision } = await client.call('dataset.undo', { projectId });
      undoable -= 1;
      say(`undo ${revision}`);
    } else {
      const { revision, changed } = await client.call('dataset.setLabel', { projectId, imageIds: [image.id], classId });
      undoable += changed;
      if (changed > 0) say(`label ${revision} ${image.id} ${classId}`);
    }
  }
}

async function importOnce(): Promise<void> {
  const ended = new Promise<string>((resolve) => {
    client.on('import.changed', ({ job }) => {
      if (job.status !== 'running') resolve(job.status);
    });
  });
  const { token: folder } = await core.host.grantFolder(source);
  await client.call('import.start', { projectId, sources: [folder], ratios: null });
  say('importing');
  say(await ended);
  await core.close();
}
