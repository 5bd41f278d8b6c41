import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultRecipe } from '../../src-shared/domain/recipe/recipe.ts';
import { kerasModels } from '../support/keras-models.ts';
import { findBarriers, goToFolder, goToNewRun, openStudio, type Studio } from './studio.ts';
import { openSample, runEnded } from './trained-sample.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
  const models = path.join(studio.home, 'models');
  await cp(kerasModels, models, { recursive: true });
  await cp(path.join(models, 'residual'), path.join(models, 'dilated'), { recursive: true });
  const file = path.join(models, 'dilated', 'model.json');
  const model = await readFile(file, 'utf8');
  await writeFile(file, model.replace(/("name": ?"block1_conv".*?"dilation_rate": ?)\[1, ?1\]/su, '$1[2, 2]'));
  await goToNewRun(studio.page);
});

afterAll(async () => {
  await studio.close();
});

/** Chooses a model of the fixtures in the folder chooser, from the dialog. */
async function chooseModel(name: string): Promise<void> {
  const { page } = studio;
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await goToFolder(page, path.join(studio.home, 'models'));
  await page.getByRole('option', { name: `${name} TF.js model` }).click();
  await page.getByRole('button', { name: 'Take this model' }).click();
  await page.getByText(/layers before its head/u).waitFor();
}

test('takes only folders that have a model', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Import a backbone' }).click();
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await page.getByText('There is no model.json in this folder.').waitFor();
  expect(await page.getByRole('button', { name: 'Take this model' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('None chosen').waitFor();
});

test('names the layers that it cannot take, and offers the ends before them', async () => {
  const { page } = studio;
  await chooseModel('dilated');
  await page.getByText(/The layer “block1_conv” \(Conv2D\) has a setting that is not supported/u).waitFor();
  await page.getByLabel(/^Features end at: block0_relu/u).waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('imports a model with what the person says of it, by keys, and chooses it', async () => {
  const { page } = studio;
  await chooseModel('gated');
  await page.getByText('The model prepares its pixels itself.').waitFor();
  const start = page.getByRole('dialog').getByRole('button', { name: 'Import a backbone' });
  expect(await start.isDisabled()).toBe(true);
  await page.getByText('Say the licence of the weights.').waitFor();
  await page.getByLabel(/^What it expects of pixels/u).click();
  await page.getByRole('option', { name: 'Mean and std of its own' }).click();
  await page.getByRole('spinbutton', { name: 'Std, green' }).fill('0');
  await page.getByRole('textbox', { name: 'Licence of the weights' }).fill('CC0-1.0');
  await page.getByText('Std: enter numbers above 0.').waitFor();
  await page.getByRole('spinbutton', { name: 'Std, green' }).fill('0.25');
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Where they come from' }).fill('https://example.org/gated');
  await page.keyboard.press('Enter');
  await page.getByText('“gated” imported:').waitFor();
  const row = page.getByRole('row', { name: /gated.*CC0-1\.0/u });
  expect(await row.innerText()).toContain('Imported · https://example.org/gated');
  expect(await row.getByRole('radio').isChecked()).toBe(true);
  expect(await findBarriers(page)).toEqual([]);
});

test('keeps one that a run needs, and says which project has it', async () => {
  const { page, client } = studio;
  const { backbones } = await client.call('backbone.list', {});
  const backbone = backbones.at(-1)?.name;
  if (backbone === undefined) throw new Error('No backbone');
  const { projectId, pipelineId } = await openSample(client);
  const recipe = { ...defaultRecipe('feature-extraction', pipelineId), backbone, epochs: 1 };
  const { record } = await client.call('run.start', { projectId, recipe });
  expect(await runEnded(client, projectId, record.id)).toMatchObject({ status: 'completed' });
  await page.getByRole('button', { name: 'Remove “gated”' }).click();
  await page.getByRole('button', { name: 'Remove backbone' }).click();
  await page.getByText(/stays: runs in .* need it/u).waitFor();
});

test('removes one that no run needs, and goes back to a bundled one', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Import a backbone' }).click();
  await chooseModel('dense');
  await page.getByRole('textbox', { name: 'Licence of the weights' }).fill('MIT');
  await page.getByRole('dialog').getByRole('button', { name: 'Import a backbone' }).click();
  const row = page.getByRole('row', { name: /dense/u });
  await row.waitFor();
  await page.getByRole('button', { name: 'Remove “dense”' }).click();
  await page.getByRole('button', { name: 'Remove backbone' }).click();
  await expect.poll(() => row.count()).toBe(0);
  expect(await page.getByRole('row', { name: /Lite0/u }).getByRole('radio').isChecked()).toBe(true);
});

test('is free of complaints', () => {
  expect(studio.problems).toEqual([]);
});
