import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import sharp from 'sharp';
import type { ProjectId, RunId } from '../src-shared/domain/ids.ts';
import { openStudio, type Studio } from '../test/e2e/studio.ts';
import { openSample, runEnded, trainSample } from '../test/e2e/trained-sample.ts';
import { defaultRecipe } from '../src-shared/domain/recipe/recipe.ts';
import { repositoryRoot } from './lib/repository.ts';

// Takes the pictures of README and guide from the running app: a person's empty home, the bundled samples, a real browser.
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

async function takePictures(studio: Studio, colorScheme: string): Promise<void> {
  const { page, client } = studio;
  const picture = (name: string): Promise<void> => shoot(page, `${name}-${colorScheme}`);
  await client.call('project.openSample', { sample: 'fashion-mnist' });
  const sample = await openSample(client);
  const { projectId } = sample;
  await page.reload();
  await picture('home');
  const open = (place: string): Promise<void> => openPlace(page, projectId, place);
  for (const name of ['images', 'runs/new']) {
    await open(name);
    await picture(name === 'runs/new' ? 'new-run' : name);
  }
  const { images } = await client.call('dataset.get', { projectId });
  await open(`images/one/${images[100]?.id ?? ''}`);
  await picture('one-image');
  await takePipeline(studio, sample);
  await picture('pipeline');
  const first = await trainSample(client, sample, { epochs: 4, learningRate: 0.001 });
  const runId = await takeLiveRun(studio, sample, () => picture('run-live'));
  await page.locator('.mx').waitFor();
  await picture('run-result');
  await open('runs');
  await picture('runs');
  await open(`runs/compare?a=${first.id}&b=${runId}`);
  await page.locator('table.differs').waitFor();
  await picture('compare');
  await open(`runs/${runId}/try`);
  await page.locator('.strip button').nth(3).click();
  await page.locator('.top5').waitFor();
  await picture('try');
  await open(`exports?run=${runId}`);
  await page.locator('.foot .btn--primary').click();
  await page.locator('.cert__grid').waitFor({ timeout: 120_000 });
  await picture('export');
}

type Sample = Awaited<ReturnType<typeof openSample>>;

/** Shows a pipeline whose draws can be told apart. */
async function takePipeline({ page, client }: Studio, { projectId, pipelineId }: Sample): Promise<void> {
  const { id } = await client.call('pipeline.create', {
    projectId,
    name: 'Turned and tinted',
    from: { type: 'copy', pipelineId },
  });
  await openPlace(page, projectId, `pipelines?pipeline=${id}`);
  for (const step of ['ColorJitter', 'RandomRotation']) {
    await page.locator('.step__main').first().click();
    await page.keyboard.press('a');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: new RegExp(`^${step}`) })
      .click();
  }
  await page.locator('.sheet img').nth(7).waitFor();
}

/** Trains long enough to be seen at it; resolves when the result is there. */
async function takeLiveRun(studio: Studio, sample: Sample, shootLive: () => Promise<void>): Promise<RunId> {
  const { page, client } = studio;
  const { projectId, pipelineId } = sample;
  const recipe = { ...defaultRecipe('feature-extraction', pipelineId), epochs: 200 };
  const { record } = await client.call('run.start', { projectId, recipe });
  await openPlace(page, projectId, `runs/${record.id}`);
  await page.locator('.chart .val').first().waitFor({ timeout: 120_000 });
  await shootLive();
  await runEnded(client, projectId, record.id);
  return record.id;
}

async function openPlace(page: Page, projectId: ProjectId, place: string): Promise<void> {
  await page.goto(new URL(`#/project/${projectId}/${place}`, page.url()).href);
}

/** One picture, once every image on the page has arrived, in at most 256 colours. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(800);
  const png = await sharp(await page.screenshot())
    .png({ palette: true, colours: 256, effort: 10, compressionLevel: 9, dither: 0.5 })
    .toBuffer();
  await writeFile(path.join(folder, `${name}.png`), png);
  process.stdout.write(`${name}.png  ${String(Math.round(png.length / 1000))} kB\n`);
}
