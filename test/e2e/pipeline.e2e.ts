import { afterAll, beforeAll, expect, test } from 'vitest';
import { namesOfSteps, openBuilder, savedPipeline } from './pipeline-builder.ts';
import { findBarriers, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openBuilder();
});

afterAll(async () => {
  await studio.close();
});

/** The names of the steps, in order. */
const stepNames = (): Promise<readonly string[]> => namesOfSteps(studio);

/** The steps as they are saved. */
async function savedSteps(): Promise<readonly string[]> {
  const { training } = await savedPipeline(studio);
  return training.map(({ kind, isEnabled }) => (isEnabled ? kind : `(${kind})`));
}

const classic = ['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor', 'Normalize'];

test('adds, moves, switches off and deletes steps by keys, and saves by itself', async () => {
  const { page } = studio;
  await page.keyboard.press('a');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^ColorJitter/ })
    .click();
  await expect.poll(stepNames).toEqual(['RandomHorizontalFlip', 'ColorJitter', ...classic.slice(1)]);
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('e');
  await expect.poll(savedSteps).toEqual(['(ColorJitter)', ...classic]);
  await page.keyboard.press('Delete');
  await page.getByText('ColorJitter deleted').waitFor();
  await expect.poll(savedSteps).toEqual(classic);
  await page.keyboard.press('Control+z');
  await expect.poll(savedSteps).toEqual(['(ColorJitter)', ...classic]);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(savedSteps).toEqual(classic);
});

test('undoes no label from here, even when there is no step to undo', async () => {
  const { page, client } = studio;
  const { projects } = await client.call('project.list', {});
  const projectId = projects[0]?.id;
  if (!projectId) throw new Error('No project was opened.');
  const { images, classes } = await client.call('dataset.get', { projectId });
  const [image] = images;
  const other = classes.find(({ id }) => id !== image?.classId);
  if (!image || !other) throw new Error('The sample has no second class.');
  await client.call('dataset.setLabel', { projectId, imageIds: [image.id], classId: other.id });
  await page.reload();
  await page.getByRole('button', { name: /Normalize step 5/ }).waitFor();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('r');
  const after = await client.call('dataset.get', { projectId });
  expect(after.images.find(({ id }) => id === image.id)?.classId).toBe(other.id);
});

test('says a wrong order at the step and mends it with one button', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'Normalize' }).click();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText('Step 4 needs a tensor.').waitFor();
  expect(await page.getByRole('button', { name: 'Train with this' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Swap 4 and 5' }).click();
  await expect.poll(stepNames).toEqual(classic);
  await expect.poll(() => page.getByRole('button', { name: 'Train with this' }).isEnabled()).toBe(true);
});

test('moves a step by its handle', async () => {
  const { page } = studio;
  const from = await page.locator('.step__grip').nth(2).boundingBox();
  const to = await page.locator('.step').nth(0).boundingBox();
  if (!from || !to) throw new Error('The steps are not on the page.');
  await page.mouse.move(from.x + 5, from.y + 5);
  await page.mouse.down();
  await page.mouse.move(from.x + 5, to.y + 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(stepNames).toEqual(['CenterCrop', 'RandomHorizontalFlip', 'Resize', 'ToTensor', 'Normalize']);
  await page.keyboard.press('Control+z');
  await expect.poll(stepNames).toEqual(classic);
});

test('warns about statistics that are not the backbone’s, with the reason', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'Normalize' }).click();
  await page.getByRole('radio', { name: 'ImageNet’s' }).click();
  await page.getByText('others shift every feature').waitFor();
  await page.getByRole('button', { name: 'Use the backbone’s' }).click();
  await expect.poll(() => page.getByText('others shift every feature').count()).toBe(0);
});

test('refuses a value that cannot be, in words, and keeps the last good one', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'RandomHorizontalFlip' }).click();
  await page.getByRole('spinbutton', { name: 'Probability' }).fill('3');
  await page.getByText('Probability: enter 0 to 1.').waitFor();
  await expect.poll(() => page.getByText('RandomHorizontalFlip()').count()).toBe(1);
  await page.getByRole('spinbutton', { name: 'Probability' }).fill('0.9');
  await page.getByText('RandomHorizontalFlip(p=0.9)').waitFor();
});

test('draws sixteen samples, anew on R, and another image on demand', async () => {
  const { page } = studio;
  const sources = () =>
    page.locator('.sheet img').evaluateAll((images) => images.map((image) => image.getAttribute('src')));
  await page.locator('.step__main').first().click();
  await expect.poll(async () => (await sources()).length).toBe(16);
  const before = await sources();
  await page.keyboard.press('r');
  await expect.poll(sources).not.toEqual(before);
  const name = await page.getByRole('button', { name: /^Choose an image/ }).innerText();
  await page.getByRole('button', { name: 'Next image' }).click();
  await expect.poll(() => page.getByRole('button', { name: /^Choose an image/ }).innerText()).not.toBe(name);
});

test('shows the samples of a class or of all images, others again, and previews the one that is chosen', async () => {
  const { page } = studio;
  const choose = async (sheet: string): Promise<void> => {
    await page.getByLabel(/^Samples of/).click();
    await page.getByRole('option', { name: sheet, exact: true }).click();
  };
  const samples = page.locator('.sheet').getByRole('button', { name: /^Sample \d+: / });
  const names = () => samples.locator('img').evaluateAll((all) => all.map((image) => image.getAttribute('alt')));
  await choose('All images');
  await expect.poll(() => samples.count()).toBe(16);
  // Until the new sheet is there, the old one stands under the names of the images before.
  await expect.poll(async () => new Set((await names()).map((name) => name?.split(': ')[1])).size).toBe(16);
  const before = await names();
  await page.keyboard.press('r');
  await expect.poll(names).not.toEqual(before);
  await page.reload();
  await expect.poll(() => samples.count()).toBe(16);
  const fourth = (await names())[3]?.split(': ')[1] ?? '';
  await samples.first().focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `Choose an image: ${fourth}` }).waitFor();
  await expect.poll(() => samples.nth(3).getAttribute('aria-current')).toBe('true');
  expect(await findBarriers(page)).toEqual([]);
  await choose('This image');
  await expect.poll(() => samples.count()).toBe(0);
  await expect.poll(() => page.locator('.sheet img').count()).toBe(16);
});

test('makes a second pipeline and derives its evaluation from training', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Pipeline menu' }).click();
  await page.getByRole('menuitem', { name: 'Copy', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('With a random crop');
  await page.keyboard.press('Enter');
  await page.getByLabel('Pipeline: With a random crop').waitFor();
  await page.locator('.step__main', { hasText: 'CenterCrop' }).click();
  await page.keyboard.press('a');
  await page.getByRole('dialog').getByRole('button', { name: /^Pad/ }).click();
  await page.getByRole('tab', { name: 'Evaluation' }).click();
  await page.getByRole('button', { name: 'Derive from training' }).click();
  await expect.poll(stepNames).toEqual(['Resize', 'CenterCrop', 'Pad', 'ToTensor', 'Normalize']);
  await page.getByText('The list ends at 232 × 232 px.').waitFor();
});

test('takes over what another window saves, and undo brings back what was here', async () => {
  const { page } = studio;
  await page.getByRole('tab', { name: 'Training' }).click();
  const before = await stepNames();
  const other = await studio.openTab();
  await other.goto(page.url());
  await other.locator('.step__main').first().click();
  await other.keyboard.press('Delete');
  await page.getByText('With a random crop was changed in another window.').waitFor();
  await expect.poll(stepNames).toEqual(before.slice(1));
  await page.keyboard.press('Control+z');
  await expect.poll(stepNames).toEqual(before);
  await expect.poll(() => other.locator('.steps .step__name').allInnerTexts()).toEqual(before);
  await other.close();
});

test('asks when another window saves while there are changes here', async () => {
  const { page, client } = studio;
  const { projects } = await client.call('project.list', {});
  const projectId = projects[0]?.id;
  if (!projectId) throw new Error('No project was opened.');
  const saved = async () => {
    const { pipelines } = await client.call('pipeline.list', { projectId });
    const found = pipelines.find(({ name }) => name === 'With a random crop');
    if (!found) throw new Error('The copy is not saved.');
    return found;
  };
  // Stops the clock that saves by itself.
  await page.clock.install();
  await page.locator('.step__main').first().click();
  await page.keyboard.press('e');
  const pipeline = await saved();
  await client.call('pipeline.save', { projectId, pipeline: { ...pipeline, training: pipeline.training.slice(1) } });
  await page.getByText('Another window saved this pipeline while you were changing it.').waitFor();
  expect(await page.getByRole('button', { name: 'Train with this' }).isDisabled()).toBe(true);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await expect.poll(async () => (await saved()).training[0]?.isEnabled).toBe(false);
  await page.clock.resume();
});

test('keeps both versions when the project is left before the person has chosen', async () => {
  const { page, client } = studio;
  const { projects } = await client.call('project.list', {});
  const projectId = projects[0]!.id;
  const named = async (name: string) =>
    (await client.call('pipeline.list', { projectId })).pipelines.find((pipeline) => pipeline.name === name);
  await page.clock.install();
  await page.locator('.step__main').first().click();
  await page.keyboard.press('e');
  const pipeline = (await named('With a random crop'))!;
  await client.call('pipeline.save', { projectId, pipeline: { ...pipeline, training: pipeline.training.slice(1) } });
  await page.getByText('Another window saved this pipeline while you were changing it.').waitFor();
  await page.clock.resume();
  await page.goto(new URL('#/', page.url()).href);
  await page.getByText('Your version is kept as “With a random crop, mine”.').waitFor();
  expect((await named('With a random crop'))?.training).toHaveLength(pipeline.training.length - 1);
  const mine = (await named('With a random crop, mine'))!;
  expect(mine.training).toHaveLength(pipeline.training.length);
  expect(mine.training[0]?.isEnabled).not.toBe(pipeline.training[0]?.isEnabled);
  await page.goBack();
  await page.getByRole('button', { name: /Normalize step/ }).waitFor();
});

test('is free of barriers and of complaints', async () => {
  expect(await findBarriers(studio.page)).toEqual([]);
  expect(studio.problems).toEqual([]);
});
