import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const script = fileURLToPath(new URL('../../../support/open-read-only.ts', import.meta.url));
/** Root may write anywhere; the child is then somebody who may not. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

it('opens a project that cannot be written for reading, with its reason', async () => {
  const folder = temporaryFolder();
  const { projects, datasets } = studioServices(folder);
  const made = await projects.create('Shelf', null);
  datasets.addClass(made.id, 'cat');
  // Copied while it is open, without the memory that its writer shares: the class still stands in the log alone.
  const place = temporaryFolder();
  const root = path.join(place, 'Shelf.graft');
  cpSync(made.paths.root, root, { recursive: true, filter: (file) => !file.endsWith('-shm') });
  const own = path.join(place, 'own');
  mkdirSync(own);
  chmodSync(own, 0o777);
  chmodSync(place, 0o755);
  chmodSync(root, 0o555);
  // What is in a folder that nobody may write cannot be removed.
  onTestFinished(() => chmodSync(root, 0o755));
  const before = readdirSync(root);
  const answer: unknown = JSON.parse(
    execFileSync(process.execPath, [script, own, root], { ...nobody, encoding: 'utf8' }),
  );
  expect(answer).toEqual({ reason: expect.stringContaining(root) as string, classes: ['cat'] });
  expect(readdirSync(root)).toEqual(before);
});
