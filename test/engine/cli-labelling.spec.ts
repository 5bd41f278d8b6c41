import { afterAll, beforeAll, expect, it } from 'vitest';
import path from 'node:path';
import { writeFiles } from '../support/picture-files.ts';
import { makeWorkplace, type Workplace } from './cli-support.ts';

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
  await writeFiles(path.join(workplace.folder, 'photos'), {
    'oak/1.png': 1,
    'oak/2.png': 2,
    'elm/2.png': 3,
    '4.png': 4,
  });
  await workplace.graft(['new', 'trees.graft', '--images', 'photos']);
});
afterAll(() => workplace.remove());

const graft = (...args: readonly string[]): ReturnType<Workplace['graft']> => workplace.graft([...args, '--json']);

it('changes, merges and lists classes', async () => {
  await graft('classes', 'add', 'trees.graft', 'fir');
  await graft('classes', 'change', 'trees.graft', 'fir', '--name', 'spruce', '--color', '7', '--key', 'f');
  await graft('classes', 'order', 'trees.graft', 'spruce');
  const { result } = await graft('classes', 'merge', 'trees.graft', 'elm', 'spruce');
  expect(result['classes']).toMatchObject([
    { class: 'spruce', images: 1, key: 'F', color: 7, isColorChosen: true },
    { class: 'oak', images: 2, key: null, isColorChosen: false },
  ]);
  const refused = await graft('classes', 'delete', 'trees.graft', 'birch');
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('spruce, oak') as string });
  expect((await graft('classes', 'change', 'trees.graft', 'oak', '--key', 'r')).exitCode).toBe(2);
});

it('labels, marks and tags images by name, and brings an earlier state back', async () => {
  expect((await graft('images', 'label', 'trees.graft', 'oak', '4.png')).result).toMatchObject({ changed: 1 });
  expect((await graft('images', 'skip', 'trees.graft', '4.png')).result).toMatchObject({ changed: 1 });
  expect((await graft('images', 'tag', 'trees.graft', 'in snow', '4.png', 'elm/2.png')).result).toMatchObject({
    changed: 2,
  });
  const ambiguous = await graft('images', 'skip', 'trees.graft', '2.png');
  expect(ambiguous).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('oak/2.png') as string });
  const { result } = await graft('images', 'history', 'trees.graft', '4.png');
  expect(result['entries']).toMatchObject([
    { kind: 'change-tags' },
    { kind: 'set-mark' },
    { kind: 'set-label' },
    { kind: 'import' },
  ]);
  const restored = await graft('images', 'history', 'trees.graft', '4.png', '--restore', '0');
  expect(restored.result['entries']).toMatchObject([
    {
      kind: 'restore-state',
      changes: [
        { what: 'class', to: null },
        { what: 'mark', to: null },
        { what: 'tag', isAdded: false },
      ],
    },
    ...Array.from({ length: 4 }, () => ({})),
  ]);
});

it('trashes, restores, and empties the trash with the space that it gave', async () => {
  await graft('images', 'trash', 'trees.graft', 'oak/1.png', '4.png');
  await graft('images', 'restore', 'trees.graft', '4.png');
  expect((await graft('trash', 'list', 'trees.graft')).result['images']).toMatchObject([{ source: 'oak/1.png' }]);
  const { result } = await graft('trash', 'empty', 'trees.graft');
  expect(result).toMatchObject({ deleted: 1, freedBytes: expect.any(Number) as number });
  expect(Number(result['freedBytes'])).toBeGreaterThan(0);
  expect((await graft('trash', 'list', 'trees.graft')).result['images']).toEqual([]);
});
