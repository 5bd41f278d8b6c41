import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const labeller = fileURLToPath(new URL('../../support/label-until-killed.ts', import.meta.url));

/** Lets the labeller live for a while after its first label, kills it and answers the lines that it got out whole. */
async function labelUntilKilled(file: string, livesMs: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [labeller, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child.stdout, 'data');
  await delay(livesMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}

it('loses no acknowledged label when the process is killed at any moment', async () => {
  const file = path.join(temporaryFolder(), 'project.sqlite');
  const first = openProjectDatabase(file, 'write');
  first.dataset.addImages(
    Array.from({ length: 60 }, (_, index) => newImage(index, `class ${index % 5}`)),
    '2026-01-01T00:00:00Z',
  );
  first.close();
  for (const livesMs of [3, 17, 41, 80, 133]) {
    const lines = await labelUntilKilled(file, livesMs);
    expect(lines.length).toBeGreaterThan(0);
    const database = openProjectDatabase(file, 'write');
    const { revision, images } = database.dataset.read();
    expect(database.findDamage()).toEqual([]);
    const [kind, told, imageId, classId] = lines.at(-1)!.split(' ');
    // The process may have committed one more change than it could tell.
    expect(revision - Number(told)).toBeGreaterThanOrEqual(0);
    expect(revision - Number(told)).toBeLessThanOrEqual(1);
    if (kind === 'label' && revision === Number(told)) {
      expect(images.find(({ id }) => id === imageId)?.classId).toBe(classId);
    }
    database.close();
  }
});
