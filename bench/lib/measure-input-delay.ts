import type { Page } from 'playwright';
import * as v from 'valibot';
import { pipelineIdSchema, type ProjectId, type RunId } from '../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../src-shared/domain/recipe/recipe.ts';
import { openStudio, type Studio } from '../../test/e2e/studio.ts';

const pressesPerPage = 150;
const pauseMs = 40;
/** More than the measurement takes on any machine; the run is stopped at its end. */
const epochs = 200;
const longestWaitMs = 10 * 60_000;

/**
 * Starts a fine-tuning on a bundled sample in the real app in a browser, and prints how long a key takes to its picture meanwhile.
 *
 * A delay runs from the time stamp that the browser gave the key press to the end of the first frame after the page had handled it.
 */
export async function measureInputDelay(): Promise<void> {
  const studio = await openStudio();
  try {
    const { id: projectId } = await studio.client.call('project.openSample', { sample: 'fluent-emoji' });
    const at = new URL(studio.page.url()).origin;
    await recordDelays(studio.page);
    report('images page, nothing trains', await pressOnImages(studio.page, `${at}/#/project/${projectId}`));
    const runId = await startFineTuning(studio, projectId);
    report('images page while fine-tuning', await pressOnImages(studio.page, `${at}/#/project/${projectId}`));
    await studio.page.goto(`${at}/#/project/${projectId}/runs/${runId}`);
    await studio.page.reload();
    await studio.page.getByRole('progressbar').first().waitFor();
    report('live run page while fine-tuning', await press(studio.page, () => 'Tab'));
    const { record } = await studio.client.call('run.get', { projectId, runId });
    if (record.status !== 'training') throw new Error(`The run trained no longer at the end: it is ${record.status}.`);
    await studio.client.call('run.cancel', { projectId, runId });
  } finally {
    await studio.close();
  }
}

/** Resolves when the steps on all parameters have begun. */
async function startFineTuning({ client }: Studio, projectId: ProjectId): Promise<RunId> {
  const recipe = { ...defaultRecipe('fine-tuning', v.parse(pipelineIdSchema, 'classic')), epochs };
  const { record } = await client.call('run.start', { projectId, recipe });
  const endMs = performance.now() + longestWaitMs;
  while (performance.now() < endMs) {
    const { metrics } = await client.call('run.get', { projectId, runId: record.id });
    if (metrics.some(({ phase }) => phase === 'all')) return record.id;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('Fine-tuning did not begin in ten minutes.');
}

/** Moves through the grid, and sets a label with every tenth key. */
async function pressOnImages(page: Page, project: string): Promise<readonly number[]> {
  await page.goto(`${project}/images`);
  await page.reload();
  await page.locator('.imggrid .cell').first().click();
  return press(page, (index) => (index % 10 === 9 ? String(1 + (Math.floor(index / 10) % 5)) : 'ArrowRight'));
}

async function press(page: Page, keyOf: (index: number) => string): Promise<readonly number[]> {
  await page.evaluate(() => Object.assign(window, { keyDelaysMs: [] }));
  for (let index = 0; index < pressesPerPage; index += 1) {
    await page.keyboard.press(keyOf(index));
    await page.waitForTimeout(pauseMs);
  }
  return page.evaluate(() => (window as unknown as { keyDelaysMs: number[] }).keyDelaysMs);
}

async function recordDelays(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          // A message that a frame posts arrives after that frame is drawn.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () =>
            (window as unknown as { keyDelaysMs?: number[] }).keyDelaysMs?.push(performance.now() - timeStamp);
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
}

function report(where: string, delaysMs: readonly number[]): void {
  const sorted = delaysMs.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(0);
  console.log(
    `input-delay: ${where}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms over ${sorted.length} keys`,
  );
}
