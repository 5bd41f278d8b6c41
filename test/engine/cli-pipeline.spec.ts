import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './cli-support.ts';

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
  await workplace.graft(['new', 'chairs.graft']);
});
afterAll(() => workplace.remove());

const graft = (...args: readonly string[]): ReturnType<Workplace['graft']> =>
  workplace.graft(['pipeline', ...args, '--json']);

it('exports a pipeline as Python and as JSON, and imports both as the same lists', async () => {
  for (const file of ['classic.py', 'classic.json']) {
    const written = await graft('export', 'chairs.graft', 'Classic', file);
    expect(written).toMatchObject({ exitCode: 0, stderr: '' });
    const again = await graft('export', 'chairs.graft', 'Classic', file);
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('it is there already') as string });
    expect(await graft('import', 'chairs.graft', file, '--name', file)).toMatchObject({ exitCode: 0, stderr: '' });
  }
  const shown = await Promise.all(
    ['classic', 'classic-py', 'classic-json'].map((id) => graft('show', 'chairs.graft', id)),
  );
  expect(new Set(shown.map(({ result }) => result['python'])).size).toBe(1);
  expect(await readFile(path.join(workplace.folder, 'classic.py'), 'utf8')).toBe(shown[0]?.result['python']);
  const { result } = await graft('list', 'chairs.graft');
  expect(result['pipelines']).toMatchObject([
    { name: 'Classic', training: 5 },
    { name: 'classic.json' },
    { name: 'classic.py' },
  ]);
});

it('names what it cannot import by line and column, and keeps nothing of it', async () => {
  await writeFile(path.join(workplace.folder, 'odd.py'), 't = T.Compose([\n    T.Lambda(double),\n])\n');
  const refused = await graft('import', 'chairs.graft', 'odd.py');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('odd.py:2:5: Of transforms.Lambda only');
  const { result } = await graft('list', 'chairs.graft');
  expect(result['pipelines']).toHaveLength(3);
});
