import path from 'node:path';
import { loadavg } from 'node:os';
import type { Page } from 'playwright';
import { openStudio } from '../../test/e2e/studio.ts';
import { generateProject, sharedThumbnails } from '../../test/support/generated-project.ts';

const labelled = 1000;
const presses = 300;
const wheelPx = 240;
const scrollMs = 6000;

/**
 * Opens projects of 100,000 and a million generated images in the real app in a browser and prints how long opening, scrolling,
 * labelling, filtering and sorting take. The images have no files: 16 pictures stand for their thumbnails.
 */
export async function measureImages(folder: string, counts: readonly number[]): Promise<void> {
  for (const count of counts) await measureCount(folder, count);
}

async function measureCount(folder: string, count: number): Promise<void> {
  const say = (text: string): void =>
    console.log(`images: ${count}: ${text} (load ${loadavg()[0]?.toFixed(1) ?? '?'})`);
  const project = await generateProject(folder, count);
  const studio = await openStudio({ thumbnail: await sharedThumbnails() });
  try {
    const { page, client } = studio;
    await recordKeys(page);
    await page.reload();
    const { token } = await client.call('folder.find', { path: path.resolve(project.root) });
    const startedMs = performance.now();
    const { id } = await client.call('project.openFolder', { folder: token });
    const openedMs = performance.now() - startedMs;
    const shown = await open(page, `#/project/${id}/images`, count);
    say(`core opens ${ms(openedMs)}, page shows images ${ms(shown.firstMs)}, knows all ${ms(shown.allMs)}`);
    const scroll = await measureScroll(page);
    say(
      `scroll ${scroll.fps.toFixed(0)} fps, longest frame ${ms(scroll.longestMs)}, at most ${scroll.mostCells} cells`,
    );
    const bulk = await labelMany(page);
    say(`label ${labelled}: shown ${ms(bulk.shownMs)}, core answers ${ms(bulk.answeredMs)}`);
    const keys = await labelOneByOne(page);
    say(`label one: shown ${quantiles(keys.shownMs)}; core answers ${quantiles(keys.answeredMs)}`);
    for (const query of queries) say(`${query} ${ms(await ask(page, `#/project/${id}/images?${query}`))}`);
    // More than this in one change is refused by the contract.
    if (count <= 100_000) {
      const all = await labelAll(page, `#/project/${id}/images`);
      say(`label all ${count}: shown ${ms(all.shownMs)}, core answers ${ms(all.answeredMs)}`);
    }
    if (studio.problems.length > 0) throw new Error(studio.problems.join('\n'));
  } finally {
    await studio.close();
  }
}

const queries = [
  'sort=name',
  'sort=class',
  'sort=pixels',
  'sort=bytes&reverse=yes',
  'sort=split',
  'class=class-3,class-5',
  'split=test&sort=name',
  'folder=shelf-3&label=no',
  'side=1000-',
  'name=img_12',
  'name=9&sort=pixels',
];

/** From the address to the first picture's cell, and to the count of all. */
async function open(page: Page, hash: string, count: number): Promise<{ firstMs: number; allMs: number }> {
  return await page.evaluate(
    async ({ to, words }) => {
      const startMs = performance.now();
      location.hash = to;
      const until = (isSo: () => boolean): Promise<number> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (isSo()) resolve(performance.now() - startMs);
            else requestAnimationFrame(look);
          };
          look();
        });
      const firstMs = await until(() => document.querySelector('.imggrid .cell') !== null);
      const allMs = await until(() => document.querySelector('.status')?.textContent.includes(words) === true);
      return { firstMs, allMs };
    },
    { to: hash, words: `${count.toLocaleString('en-US')} images` },
  );
}

async function measureScroll(page: Page): Promise<{ fps: number; longestMs: number; mostCells: number }> {
  await page.mouse.move(700, 450);
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames, mostCells: 0, isCounting: true });
    const count = (now: number): void => {
      const state = window as unknown as { mostCells: number; isCounting: boolean };
      frames.push(now);
      state.mostCells = Math.max(state.mostCells, document.querySelectorAll('.imggrid .cell').length);
      if (state.isCounting) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  const endMs = performance.now() + scrollMs;
  while (performance.now() < endMs) {
    await page.mouse.wheel(0, wheelPx);
    await page.waitForTimeout(16);
  }
  return await page.evaluate(() => {
    const state = window as unknown as { frames: number[]; mostCells: number; isCounting: boolean };
    state.isCounting = false;
    const gaps = state.frames.slice(1).map((time, index) => time - (state.frames[index] ?? time));
    const allMs = gaps.reduce((sum, gap) => sum + gap, 0);
    return { fps: (1000 * gaps.length) / allMs, longestMs: Math.max(...gaps), mostCells: state.mostCells };
  });
}

async function labelMany(page: Page): Promise<{ shownMs: number; answeredMs: number }> {
  await page.locator('.imggrid').evaluate((grid) => grid.scrollTo(0, 0));
  await page.locator('.imggrid .cell[id$="-0"]').click();
  const columns = await page.locator('.imgrow').first().locator('.cell').count();
  for (let row = 0; row < Math.floor(labelled / columns); row += 1) await page.keyboard.press('Shift+ArrowDown');
  const [place, last] = [Math.floor(labelled / columns) * columns, labelled - 1];
  const key = place > last ? 'Shift+ArrowLeft' : 'Shift+ArrowRight';
  for (let step = 0; step < Math.abs(last - place); step += 1) await page.keyboard.press(key);
  await page.getByText(`${labelled.toLocaleString('en-US')} images selected`).waitFor();
  return await press(page, '3');
}

async function labelAll(page: Page, hash: string): Promise<{ shownMs: number; answeredMs: number }> {
  await ask(page, hash);
  await page.locator('.imggrid').evaluate((grid) => grid.scrollTo(0, 0));
  await page.locator('.imggrid .cell[id$="-0"]').click();
  await page.keyboard.press('Control+a');
  await page.waitForTimeout(300);
  return await press(page, '4');
}

async function press(page: Page, key: string): Promise<{ shownMs: number; answeredMs: number }> {
  await page.evaluate(() => {
    Object.assign(window, { keyDelaysMs: [] });
    performance.clearResourceTimings();
  });
  await page.keyboard.press(key);
  await page.waitForFunction(
    () => performance.getEntriesByName(`${location.origin}/rpc/dataset.setLabel`).length > 0,
    null,
    { timeout: 60_000 },
  );
  const { keyDelaysMs, answersMs } = await readTimes(page);
  return { shownMs: keyDelaysMs[0] ?? Number.NaN, answeredMs: answersMs[0] ?? Number.NaN };
}

async function labelOneByOne(page: Page): Promise<{ shownMs: readonly number[]; answeredMs: readonly number[] }> {
  await page.locator('.imggrid').evaluate((grid) => grid.scrollTo(0, 0));
  await page.locator('.imggrid .cell[id$="-0"]').click();
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    Object.assign(window, { keyDelaysMs: [] });
    performance.clearResourceTimings();
    performance.setResourceTimingBufferSize(5000);
  });
  for (let index = 0; index < presses; index += 1) {
    await page.keyboard.press(String(1 + (index % 2 === 0 ? 4 : 6)));
    await page.waitForTimeout(30);
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(30);
  }
  const { keyDelaysMs, answersMs } = await readTimes(page);
  return { shownMs: keyDelaysMs.filter((_, index) => index % 2 === 0), answeredMs: answersMs };
}

async function readTimes(page: Page): Promise<{ keyDelaysMs: number[]; answersMs: number[] }> {
  await page.waitForTimeout(100);
  return await page.evaluate(() => ({
    keyDelaysMs: (window as unknown as { keyDelaysMs: number[] }).keyDelaysMs,
    answersMs: performance.getEntriesByName(`${location.origin}/rpc/dataset.setLabel`).map(({ duration }) => duration),
  }));
}

/** From an address to the end of the frame that shows its images. */
async function ask(page: Page, hash: string): Promise<number> {
  await page.waitForTimeout(300);
  return await page.evaluate(
    (to) =>
      new Promise<number>((resolve) => {
        const startMs = performance.now();
        addEventListener(
          'hashchange',
          () =>
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => resolve(performance.now() - startMs);
              port2.postMessage(null);
            }),
          { once: true },
        );
        location.hash = to;
      }),
    hash,
  );
}

/** Each key's delay, from the time stamp of the browser to the end of the first frame after the page had handled it. */
async function recordKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
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

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    ms(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} over ${values.length}`;
}
