import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Probe, RunCost } from '../../src-shared/domain/probe.ts';
import { findBarriers, goToNewRun, openStudio, openTabWithEvents, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
  await goToNewRun(studio.page);
});

afterAll(async () => {
  await studio.close();
});

test('keeps the numbers of each mode while the other is looked at', async () => {
  const { page } = studio;
  const epochs = page.getByRole('spinbutton', { name: 'Epochs', exact: true });
  await epochs.fill('7');
  await page.getByRole('radio', { name: /Fine-tuning/ }).click();
  await expect.poll(() => epochs.inputValue()).toBe('3');
  expect(await page.getByRole('spinbutton', { name: 'Learning rate', exact: true }).inputValue()).toBe('0.0001');
  await page.getByRole('radio', { name: /Feature extraction/ }).click();
  await expect.poll(() => epochs.inputValue()).toBe('7');
});

test('says what is wrong with a field, and does not start', async () => {
  const { page } = studio;
  const batchSize = page.getByRole('spinbutton', { name: 'Batch size' });
  await batchSize.fill('600');
  await page.getByText('Batch size: enter 1 to 512.').waitFor();
  expect(await page.getByRole('button', { name: /Start training/ }).isDisabled()).toBe(true);
  await batchSize.fill('64');
  await expect.poll(() => page.getByRole('button', { name: /Start training/ }).isEnabled()).toBe(true);
});

test('warns where fine-tuning usually forgets', async () => {
  const { page } = studio;
  await page.getByRole('radio', { name: /Fine-tuning/ }).click();
  await page.getByRole('spinbutton', { name: 'Learning rate', exact: true }).fill('0.01');
  await page.getByText('fine-tuning usually forgets').waitFor();
  await page.getByRole('button', { name: 'Use 0.0001' }).click();
  await expect.poll(() => page.getByText('fine-tuning usually forgets').count()).toBe(0);
  await page.getByLabel(/^Batch norm/).click();
  await page.getByRole('option', { name: 'Learn anew' }).click();
  await page.getByText('batch statistics are unsteady').waitFor();
  await page.getByRole('button', { name: 'Keep ImageNet’s' }).click();
});

test('keeps what is seldom changed under Advanced, and counts what was', async () => {
  const { page } = studio;
  const smoothing = page.getByRole('spinbutton', { name: 'Label smoothing' });
  expect(await smoothing.isVisible()).toBe(false);
  await page.getByText('Advanced', { exact: true }).click();
  await smoothing.fill('0.1');
  await page.getByLabel(/^Blend images/).click();
  await page.getByRole('option', { name: 'CutMix' }).click();
  await page.getByText('3 settings are not the usual ones').waitFor();
  await page.getByLabel(/^Schedule/).click();
  await page.getByRole('option', { name: 'Multi-step' }).click();
  const milestones = page.getByRole('textbox', { name: 'After epochs' });
  await milestones.fill('2, 1');
  await page.getByText('After epochs: enter rising whole numbers').waitFor();
  await milestones.fill('1, 2');
  await expect.poll(() => page.getByText('After epochs: enter rising whole numbers').count()).toBe(0);
  await page.getByLabel(/^Learns from/).click();
  await page.getByRole('option', { name: 'block6' }).click();
  // Of the bars that show the stages, those from block6 up and the head are filled.
  expect(await page.locator('.choice__opt[aria-checked=true] .net .on').count()).toBe(4);
  expect(await findBarriers(page)).toEqual([]);
});

test('says that CutMix needs pixels, and offers MixUp', async () => {
  const { page } = studio;
  await page.getByRole('radio', { name: /Feature extraction/ }).click();
  await page.getByLabel(/^Blend images/).click();
  await page.getByRole('option', { name: 'CutMix' }).click();
  await page.getByText('CutMix does nothing here').waitFor();
  await page.getByRole('button', { name: 'Use MixUp' }).click();
  await expect.poll(() => page.getByText('CutMix does nothing here').count()).toBe(0);
});

test('counts the images and shows what the model will see', async () => {
  const { page } = studio;
  await page.getByText('Every step of both lists runs').waitFor();
  expect(await page.locator('.counts').innerText()).toMatch(/Training\s+216\s+Validation\s+40\s+Test\s+64/u);
  await expect.poll(() => page.locator('.seen img').count()).toBe(7);
});

test('finds a learning rate and takes it over by one click', async () => {
  const { page } = studio;
  await page.getByRole('radio', { name: /Feature extraction/ }).click();
  await page.getByRole('button', { name: 'Find a learning rate' }).click();
  const use = page.getByRole('button', { name: /^Use .*, from the valley$/ });
  await use.waitFor({ timeout: 120_000 });
  await page.getByRole('img', { name: 'Loss over the learning rate' }).waitFor();
  const rate = /^Use (\S+),/.exec(await use.innerText())?.[1];
  await use.click();
  const field = page.getByRole('spinbutton', { name: 'Learning rate', exact: true });
  await expect.poll(() => field.inputValue()).toBe(rate);
  expect(await findBarriers(page)).toEqual([]);
});

test('estimates time and memory, and says when they are of an earlier recipe', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Estimate' }).click();
  await page.getByText(/^about /).waitFor({ timeout: 120_000 });
  await page.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('9');
  await page.getByText('Measured before the last change').waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('offers cached versions where a stage stays as it came, and the estimate says what becomes of it', async () => {
  const { page } = studio;
  const choice = page.getByRole('checkbox', { name: 'Cache augmented versions' });
  expect(await choice.count()).toBe(0);
  await page.getByRole('radio', { name: /Fine-tuning/ }).click();
  await page.getByLabel(/^Blend images/).click();
  await page.getByRole('option', { name: 'Off' }).click();
  await page.getByLabel(/^Learns from/).click();
  await page.getByRole('option', { name: 'block7' }).click();
  await page.getByRole('button', { name: 'Estimate' }).click();
  await page.getByText('asks for fresh images in every epoch').waitFor({ timeout: 120_000 });
  await choice.check();
  await page.getByRole('button', { name: 'Estimate' }).click();
  const size = page.locator('dt', { hasText: 'Stage cache' }).locator('+ dd');
  await expect.poll(() => size.textContent(), { timeout: 120_000 }).toMatch(/MB/u);
});

test('takes over the largest batch size that fits by one click', async () => {
  const { client } = studio;
  const { page, send } = await openTabWithEvents(studio);
  await page.goto(studio.page.url());
  await page.getByRole('radio', { name: /Fine-tuning/ }).click();
  const batchSize = page.getByRole('spinbutton', { name: 'Batch size' });
  await batchSize.fill('256');
  const { promise: begun, resolve } = Promise.withResolvers<Probe>();
  const stop = client.on('probe.changed', ({ probe }) => {
    if (probe.kind === 'cost' && probe.status === 'cancelled') resolve(probe);
    else client.call('probe.cancel', { jobId: probe.id }).catch(() => undefined);
  });
  await page.getByRole('button', { name: 'Estimate' }).click();
  const probe = await begun;
  stop();
  // Back when the page knows it too.
  await page.getByRole('button', { name: 'Estimate' }).waitFor();
  // What a trainer would say on a small machine.
  const cost: RunCost = {
    ...{
      batchSize: 40,
      secondsPerStep: 2,
      secondsPerImage: 0.02,
      totalSteps: 200,
      totalSeconds: 400,
      stageCache: null,
    },
    ...{ peakMemoryBytes: 2.7e9, neededMemoryBytes: 17.2e9, availableMemoryBytes: 3.1e9, totalMemoryBytes: 8e9 },
  };
  send({ name: 'probe.changed', payload: { probe: { ...probe, status: 'completed', cost } } });
  await page.getByText('A batch size of 256 would take 17.2 GB, and 3.1 GB are free. 40 is the largest').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  const settings = await client.call('settings.get', {});
  await client.call('settings.set', { ...settings, language: 'zh-CN' });
  await page.getByRole('button', { name: '使用批大小 40' }).waitFor();
  await client.call('settings.set', { ...settings, language: 'en' });
  await page.getByRole('button', { name: 'Use batch size 40' }).click();
  await expect.poll(() => batchSize.inputValue()).toBe('40');
  await expect.poll(() => page.getByText('256 would take').count()).toBe(0);
  expect(await page.getByText('Measured before the last change').count()).toBe(0);
  await page.close();
});

test('is free of barriers and of complaints', async () => {
  expect(await findBarriers(studio.page)).toEqual([]);
  expect(studio.problems).toEqual([]);
});
