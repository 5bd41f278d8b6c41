import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';
import { openSample, trainSample } from './trained-sample.ts';

let studio: Studio;
let projectId: ProjectId;

beforeAll(async () => {
  studio = await openStudio();
  const sample = await openSample(studio.client);
  ({ projectId } = sample);
  await trainSample(studio.client, sample, { epochs: 10 });
  const { pipelines } = await studio.client.call('pipeline.list', { projectId });
  const [pipeline] = pipelines;
  if (!pipeline) throw new Error('A project starts with a pipeline');
  const rotation = createStep('RandomRotation', 'turn');
  const training = [{ ...rotation, parameters: { ...rotation.parameters, degrees: 180 } }, ...pipeline.training];
  await studio.client.call('pipeline.save', { projectId, pipeline: { ...pipeline, training } });
  await studio.page.evaluate((hash) => (location.hash = hash), `#/project/${projectId}/pipelines`);
});
afterAll(() => studio.close());

it('finds the angles at which the run sees another class, and keeps the step inside the others', async () => {
  const { page } = studio;
  await page
    .getByRole('button', { name: /RandomRotation/ })
    .first()
    .click();
  const panel = page.getByRole('complementary', { name: 'RandomRotation' });
  await panel.getByRole('button', { name: 'Check', exact: true }).click();
  await panel.getByRole('button', { name: 'Check again' }).waitFor({ timeout: 120_000 });
  const rows = panel.getByRole('region', { name: 'degrees' }).getByRole('row');
  expect(await rows.count()).toBe(10);
  expect(await rows.first().textContent()).toMatch(/^−180\s*\d+ of \d+$/);
  expect(await findBarriers(page)).toEqual([]);
  const keep = panel.getByRole('button', { name: /^Keep within −/ });
  const [, low = '', high = ''] = /within (−?[\d.]+) to ([\d.]+)/.exec((await keep.textContent()) ?? '') ?? [];
  expect(Number(high)).toBeLessThan(180);
  await keep.click();
  await panel.getByText('Checked before the last change').waitFor();
  await expect
    .poll(async () => (await studio.client.call('pipeline.list', { projectId })).pipelines[0]?.training[0]?.parameters)
    .toMatchObject({ degrees: [Number(low.replace('−', '-')), Number(high)] });
});
