import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import * as v from 'valibot';
import type { Client } from '../src-shared/contract/contract.ts';
import { pipelineIdSchema, type ProjectId, type RunId } from '../src-shared/domain/ids.ts';
import { defaultRecipe } from '../src-shared/domain/recipe/recipe.ts';
import { isActiveStatus } from '../src-shared/domain/run.ts';
import { openStudio, type Studio } from '../test/e2e/studio.ts';
import { repositoryRoot } from './lib/repository.ts';

// Takes the README's pictures from the running app: a person's empty home, the bundled samples, a real browser.
// Usage: npm run pictures [-- <folder>]

const folder = path.resolve(process.argv[2] ?? path.join(repositoryRoot, 'docs', 'pictures'));
const size = { width: 1440, height: 900 };

await mkdir(folder, { recursive: true });
for (const colorScheme of ['light', 'dark'] as const) {
  const studio = await openStudio({ colorScheme, viewport: size });
  try {
    await takePictures(studio, colorScheme);
  } finally {
    await studio.close();
  }
  if (studio.problems.length > 0) throw new Error(`The app complained:\n${studio.problems.join('\n')}`);
}

async function takePictures({ page, client }: Studio, colorScheme: string): Promise<void> {
  await client.call('project.openSample', { sample: 'fashion-mnist' });
  const { id } = await client.call('project.openSample', { sample: 'fluent-emoji' });
  await page.reload();
  await shoot(page, `home-${colorScheme}`);
  for (const name of ['images', 'pipelines', 'settings']) {
    await open(page, `#/project/${id}/${name}`);
    await shoot(page, `${name}-${colorScheme}`);
  }
  const pipelineId = v.parse(pipelineIdSchema, 'classic');
  const first = await client.call('run.start', {
    projectId: id,
    recipe: { ...defaultRecipe('feature-extraction', pipelineId), epochs: 200 },
  });
  await open(page, `#/project/${id}/runs/${first.record.id}`);
  await page.locator('.chart .val').first().waitFor({ timeout: 120_000 });
  await shoot(page, `run-live-${colorScheme}`);
  await ended(client, id, first.record.id);
  await page.locator('.mx').waitFor();
  await shoot(page, `run-result-${colorScheme}`);
  await open(page, `#/project/${id}/runs`);
  await shoot(page, `runs-${colorScheme}`);
}

/** Waits until a run has its result. */
async function ended(client: Client, projectId: ProjectId, runId: RunId): Promise<void> {
  for (;;) {
    const { record } = await client.call('run.get', { projectId, runId });
    if (!isActiveStatus(record.status)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(new URL(address, page.url()).href);
}

/** One picture, once every image on the page has arrived. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  process.stdout.write(`${name}.png\n`);
}
