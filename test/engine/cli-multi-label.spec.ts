import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classNames, drawImages, makeWorkplace, type Workplace } from './cli-support.ts';

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
  await drawImages(path.join(workplace.folder, 'set'), 8, 1);
  const more: Readonly<Record<string, string>> = { red: 'red|warm', blue: 'blue|cold' };
  const lines = classNames.flatMap((name) =>
    Array.from({ length: 8 }, (_, index) => `${name}/${index}.png,${more[name] ?? name}`),
  );
  await writeFile(path.join(workplace.folder, 'set', 'labels.csv'), `file,labels\n${lines.join('\n')}\n`);
});
afterAll(() => workplace.remove());

it('a multi-label project goes from a list to predictions on the command line', async () => {
  const { graft } = workplace;
  const made = await graft(['new', 'several.graft', '--multi-label', '--json']);
  expect(made.result).toMatchObject({ labelling: 'multi-label' });
  const come = await graft(['import', 'several.graft', 'set/labels.csv', '--json']);
  expect(come).toMatchObject({ stderr: '', result: { imported: 24, skipped: [] } });
  const { result: classes } = await graft(['classes', 'list', 'several.graft', '--json']);
  expect(classes['classes']).toContainEqual(expect.objectContaining({ class: 'warm', images: 8 }));

  await graft(['images', 'unlabel', 'several.graft', 'warm', 'red/1.png']);
  await graft(['images', 'none', 'several.graft', 'red/3.png']);
  const none = await graft(['images', 'label', 'several.graft', 'warm', 'red/1.png', 'red/3.png', '--json']);
  expect(none.result).toMatchObject({ changed: 2 });
  const history = await graft(['images', 'history', 'several.graft', 'red/3.png']);
  expect(history.stdout).toContain('classes none of them → warm');
  expect(history.stdout).toContain('classes red + warm → none of them');

  const trained = await graft(['train', 'several.graft', '--mode', 'feature-extraction', '--epochs', '25', '--json']);
  expect(trained.result).toMatchObject({ status: 'completed', split: 'test' });
  expect(trained.result['meanAveragePrecision']).toBeGreaterThan(0.6);
  const run = String(trained.result['run']);
  const judged = await graft(['evaluate', 'several.graft', '--run', run, '--json']);
  expect(judged.result).toMatchObject({ meanAveragePrecision: trained.result['meanAveragePrecision'], threshold: 0.5 });
  const words = await graft(['predict', 'several.graft', '--run', run, 'set/green/0.png']);
  expect(words.stdout).toMatch(/●\s*green/);

  await graft(['labels', 'export', 'several.graft', 'out', '--format', 'huggingface']);
  expect(await readdir(path.join(workplace.folder, 'out'))).toContain('metadata.csv');
});
