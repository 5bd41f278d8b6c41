import { afterEach, expect, it } from 'vitest';
import { viewsKindOf } from '../../src-shared/domain/pipeline/views.ts';
import { namesOfSteps, openBuilder, savedPipeline } from './pipeline-builder.ts';
import { findBarriers, type Studio } from './studio.ts';

let studio: Studio;
afterEach(async () => {
  await studio.close();
});

it('is chosen in the evaluation list, shown view by view, saved, and taken back', async () => {
  studio = await openBuilder();
  const { page } = studio;
  await page.getByRole('tab', { name: 'Evaluation' }).click();
  await page.getByLabel('Test-time augmentation: None: one view').click();
  await page.getByRole('option', { name: 'TenCrop: 10 views' }).click();
  await page.getByText('Each judged image takes 10 forward passes').waitFor();
  expect(await namesOfSteps(studio)).toEqual(['Resize', 'TenCrop', 'ToTensor', 'Normalize']);
  await page.getByText('10 views, each 224 × 224 px.').waitFor();
  await page.getByText('Test-time augmentation with TenCrop: 10 forward passes an image').waitFor();
  const steps = page.getByRole('list', { name: 'Steps', exact: true });
  expect(await steps.getByRole('img', { name: /Error|Warning/ }).count()).toBe(0);
  expect(await findBarriers(page)).toEqual([]);
  await expect.poll(async () => viewsKindOf((await savedPipeline(studio)).evaluation)).toBe('TenCrop');

  await page.keyboard.press('Control+z');
  await expect.poll(() => namesOfSteps(studio)).toEqual(['Resize', 'CenterCrop', 'ToTensor', 'Normalize']);
  await expect.poll(async () => viewsKindOf((await savedPipeline(studio)).evaluation)).toBeNull();
  expect(studio.problems).toEqual([]);
});

it('is offered for evaluation only', async () => {
  studio = await openBuilder();
  const { page } = studio;
  await page.keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Add a step' });
  await dialog.waitFor();
  expect(await dialog.getByRole('button', { name: /^(FiveCrop|TenCrop|FlipViews)/ }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Evaluation' }).click();
  await page.keyboard.press('a');
  await dialog.getByRole('button', { name: /^FlipViews/ }).waitFor();
  expect(await dialog.getByRole('button', { name: /^(FiveCrop|TenCrop|FlipViews)/ }).count()).toBe(3);
  expect(studio.problems).toEqual([]);
});
