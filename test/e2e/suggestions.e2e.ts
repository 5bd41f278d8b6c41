import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import { openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;
let hidden: readonly ImageId[];

/** A sample of which every third label was taken away and four were set wrong, as a person has it before them. */
beforeAll(async () => {
  studio = await openStudio();
  const { client, page } = studio;
  ({ id: projectId } = await client.call('project.openSample', { sample: 'fluent-emoji' }));
  const { images, classes } = await client.call('dataset.get', { projectId });
  const learnable = images.filter(({ split }) => split !== 'test');
  hidden = learnable.filter((_, index) => index % 3 === 0).map(({ id }) => id);
  await client.call('dataset.setLabel', { projectId, imageIds: [...hidden], classId: null });
  const others = learnable.filter((_, index) => index % 3 === 1);
  for (const index of [0, 20, 40, 60]) {
    const image = others[index]!;
    const wrong = classes.find(({ id }) => id !== image.classId)!;
    await client.call('dataset.setLabel', { projectId, imageIds: [image.id], classId: wrong.id });
  }
  await page.goto(`${page.url().replace(/#.*/u, '')}#/project/${projectId}/images`);
  await page.reload();
});
afterAll(() => studio.close());

const state = () => studio.client.call('suggestion.get', { projectId });
async function ready(): Promise<void> {
  const features = async () => (await studio.client.call('features.get', { projectId })).state;
  await expect
    .poll(async () => [await features(), (await state()).state], { timeout: 120_000 })
    .toEqual(['complete', 'ready']);
}

it('are turned on from the images, computed while one watches, and previewed with what accepting means', async () => {
  const { page } = studio;
  await page.getByRole('link', { name: 'Suggestions' }).click();
  await page.getByRole('button', { name: 'Turn on suggestions' }).click();
  await page.getByRole('progressbar', { name: 'Features of all images' }).first().waitFor();
  await ready();
  await page.getByRole('spinbutton', { name: 'Threshold' }).fill('80');
  const accept = page.getByRole('button', { name: /^Accept \d+ labels/u });
  await accept.waitFor();
  const { count } = await studio.client.call('suggestion.preview', { projectId, threshold: 0.8 });
  expect(count).toBeGreaterThan(3);
  await expect.poll(() => accept.textContent()).toContain(`Accept ${count} labels`);
  const meaning = await page.locator('.meaning').textContent();
  expect(meaning).toMatch(/Of labelled images where the model was this sure, \d+ of \d+ were right\./u);
  expect(meaning).toMatch(/So expect \d+ wrong, at most \d+\./u);
  // The line stands where the accepted ones end, which may be below the fold.
  const line = page.locator('.cutline');
  await page.locator('.imggrid').focus();
  await expect
    .poll(async () => {
      if ((await line.count()) > 0) return line.first().textContent({ timeout: 1000 });
      await page.keyboard.press('PageDown');
      return '';
    })
    .toContain('Below 80');
  await page.keyboard.press('Home');
});

it('are accepted and refused by one key each, and undone', async () => {
  const { page } = studio;
  const grid = page.getByRole('listbox', { name: 'What would be accepted' });
  await grid.focus();
  const before = await state();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await state()).fromModel).toBe(1);
  await expect.poll(async () => (await state()).labelled).toBe(before.labelled + 1);
  await page.keyboard.press('x');
  await expect.poll(async () => (await state()).suggested).toBe(before.suggested - 2);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await state()).fromModel).toBe(0);
  await ready();
});

it('are accepted above the threshold as one step', async () => {
  const { page } = studio;
  const { count } = await studio.client.call('suggestion.preview', { projectId, threshold: 0.8 });
  await page.getByRole('button', { name: `Accept ${count} labels` }).waitFor();
  await page.getByRole('listbox', { name: 'What would be accepted' }).focus();
  await page.keyboard.press('Shift+Enter');
  await expect.poll(async () => (await state()).fromModel).toBe(count);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await state()).fromModel).toBe(0);
  await ready();
});

it('suspect labels are taken over or kept by one key', async () => {
  const { page } = studio;
  await page.getByRole('radio', { name: /^Suspect labels/u }).click();
  const grid = page.getByRole('listbox', { name: 'Suspect labels' });
  await grid.focus();
  const { suspects } = await studio.client.call('suggestion.suspects', { projectId });
  const [first, second] = suspects;
  if (!first || !second) throw new Error('Expected suspects');
  await page.keyboard.press('x');
  await expect.poll(async () => (await state()).suspects).toBe(suspects.length - 1);
  await page.getByRole('option').first().waitFor();
  await expect
    .poll(() => page.getByRole('option').first().getAttribute('aria-label'))
    .toContain(await fileNameOf(second.imageId));
  await page.keyboard.press('Enter');
  const labelOf = async () =>
    (await studio.client.call('dataset.get', { projectId })).images.find(({ id }) => id === second.imageId)?.classId;
  await expect.poll(labelOf).toBe(second.likely);
  await ready();
});

it('stand under one image, with the share of each class, and Enter goes on to the next useful one', async () => {
  const { page, client } = studio;
  await page.getByRole('link', { name: 'Label one by one' }).click();
  const bar = page.locator('.suggest');
  await bar.waitFor();
  const { imageIds } = await client.call('suggestion.queue', { projectId });
  expect(page.url()).toContain(imageIds[0]);
  const { shares } = await client.call('suggestion.ask', { projectId, imageId: imageIds[0]! });
  const { classes } = await client.call('dataset.get', { projectId });
  const best = classes.find(({ id }) => id === shares?.[0]?.classId);
  expect(await bar.textContent()).toContain(best?.name);
  expect(await page.locator('.classrow.is-top').textContent()).toContain(best?.name);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).not.toContain(imageIds[0]);
  await expect.poll(async () => (await state()).fromModel).toBeGreaterThan(1);
});

it('leaves the console silent', () => {
  expect(studio.problems).toEqual([]);
});

async function fileNameOf(imageId: ImageId): Promise<string> {
  const { images } = await studio.client.call('dataset.get', { projectId });
  return images.find(({ id }) => id === imageId)?.fileName ?? '';
}
