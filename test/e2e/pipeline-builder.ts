import type { Page } from 'playwright';
import type { Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import { openStudio, type Studio } from './studio.ts';

/** The builder of the smallest bundled sample's pipeline, the classic list. */
export async function openBuilder(): Promise<Studio> {
  const studio = await openStudio();
  await studio.page.getByRole('button', { name: 'Open the sample Fluent Emoji' }).click();
  await goToBuilder(studio.page);
  return studio;
}

/** The builder of the project that is open, once its steps are there. */
export async function goToBuilder(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Pipelines' }).click();
  await page.getByRole('button', { name: /Normalize step 5/ }).waitFor();
}

/** The names of the steps, in order. */
export async function namesOfSteps({ page }: Studio): Promise<readonly string[]> {
  return await page.locator('.steps .step__name').allInnerTexts();
}

/** The first pipeline of the only project, as it is saved. */
export async function savedPipeline({ client }: Studio): Promise<Pipeline> {
  const [project] = (await client.call('project.list', {})).projects;
  if (!project) throw new Error('No project was opened.');
  const [pipeline] = (await client.call('pipeline.list', { projectId: project.id })).pipelines;
  if (!pipeline) throw new Error('A project starts with a pipeline.');
  return pipeline;
}
