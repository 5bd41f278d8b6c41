import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { decodeImage } from '../../src-main/imaging/decode.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

// Chromium makes a picture up, so that this runs where no camera is.
const madeUp = '--use-fake-device-for-media-stream';

async function openCamera(studio: Studio): Promise<ProjectId> {
  const { id } = await studio.client.call('project.create', { name: 'Trees', parent: null });
  await studio.client.call('dataset.addClass', { projectId: id, name: 'oak' });
  await studio.client.call('dataset.addClass', { projectId: id, name: 'elm' });
  await studio.page.evaluate((project) => (location.hash = `#/project/${project}/images/camera`), id);
  return id;
}

describe('with a camera that is allowed', () => {
  let studio: Studio;
  let projectId: ProjectId;

  beforeAll(async () => {
    studio = await openStudio({ browserArguments: [madeUp, '--use-fake-ui-for-media-stream'] });
    projectId = await openCamera(studio);
  });
  afterAll(() => studio.close());

  const dataset = async () => {
    const { images, classes } = await studio.client.call('dataset.get', { projectId });
    const names = new Map(classes.map(({ id, name }) => [id, name]));
    return images.map((image) => ({ ...image, className: image.classId === null ? null : names.get(image.classId) }));
  };
  const shutter = () => studio.page.locator('.shutter');

  test('takes pictures of the chosen class as long as the space bar is held', async () => {
    const { page } = studio;
    await shutter().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('2');
    await page.getByRole('button', { name: /^elm/, pressed: true }).waitFor();
    await page.keyboard.down('Space');
    await expect.poll(async () => (await dataset()).length).toBeGreaterThan(3);
    await page.keyboard.up('Space');
    // The last ones are still on their way.
    await expect.poll(() => page.getByText(/^saving \d+$/u).count()).toBe(0);
    const taken = (await dataset()).length;
    await page.waitForTimeout(700);
    const images = await dataset();
    expect(images).toHaveLength(taken);
    expect(images.every(({ className, width, height }) => className === 'elm' && width === height)).toBe(true);
    await expect.poll(() => page.locator('.taken__pics li').count()).toBe(taken);
  });

  test('saves what the camera sees, not what the mirror shows, and all of it where it is asked to', async () => {
    const { page } = studio;
    await page.getByRole('checkbox', { name: 'Keep the square in the middle' }).click();
    const seen = async () =>
      await page.evaluate(() => {
        const video = document.querySelector('video')!;
        return [
          video.videoWidth,
          video.videoHeight,
          getComputedStyle(video).transform.startsWith('matrix(-1'),
        ] as const;
      });
    const [width, height, isMirrored] = await seen();
    expect(isMirrored).toBe(true);
    const before = (await dataset()).length;
    await shutter().click();
    await expect.poll(async () => (await dataset()).length).toBeGreaterThan(before);
    const last = (await dataset()).at(-1)!;
    expect([last.width, last.height]).toEqual([width, height]);
    // Chromium's made-up picture writes the time from the left: the upper left is busier than the upper right.
    const home = (await studio.client.call('project.list', {})).projects.find(({ id }) => id === projectId)!;
    const file = path.join(home.path, 'images', last.id.slice(0, 2), `${last.id}.jpeg`);
    const { data } = await decodeImage(new Uint8Array(await readFile(file)));
    const row = Math.round(height * 0.05) * width;
    const at = (column: number): number => data[(row + column) * 3] ?? 0;
    const changes = (from: number, to: number): number => {
      let sum = 0;
      for (let column = from + 1; column < to; column += 1) sum += Math.abs(at(column) - at(column - 1));
      return sum;
    };
    expect(changes(0, width / 2)).toBeGreaterThan(changes(width / 2, width));
  });

  test('takes back one picture, and the last burst, and brings them back', async () => {
    const { page } = studio;
    const before = (await dataset()).length;
    await page.locator('.taken__pics li').first().hover();
    await page
      .getByRole('button', { name: /^Move this picture of/ })
      .first()
      .click();
    await expect.poll(async () => (await dataset()).length).toBe(before - 1);
    await page.getByRole('button', { name: /^Take back the last/ }).click();
    await expect.poll(async () => (await dataset()).length).toBe(0);
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await dataset()).length).toBeGreaterThan(0);
  });

  test('is one import of the visit, and turns the camera off when the page is left', async () => {
    const { page, client } = studio;
    const { imports } = await client.call('import.list', { projectId });
    expect(imports).toMatchObject([{ name: 'Camera', status: 'completed', skipped: 0 }]);
    const stream = await page.evaluateHandle(() => document.querySelector('video')!.srcObject as MediaStream);
    await page.evaluate(() => (location.hash = location.hash.replace('/camera', '')));
    await page.getByRole('listbox').first().waitFor();
    expect(await stream.evaluate((one) => one.getTracks().map(({ readyState }) => readyState))).toEqual(['ended']);
  });

  test('left nothing in the console', () => {
    expect(studio.problems).toEqual([]);
  });
});

describe('where the camera', () => {
  async function says(browserArguments: readonly string[], title: string): Promise<void> {
    const studio = await openStudio({ browserArguments });
    try {
      await openCamera(studio);
      await studio.page.getByRole('heading', { name: title }).waitFor();
      await studio.page.getByRole('button', { name: 'Try again' }).click();
      await studio.page.getByRole('heading', { name: title }).waitFor();
      expect(await studio.page.locator('.shutter').count()).toBe(0);
      expect(studio.problems).toEqual([]);
    } finally {
      await studio.close();
    }
  }

  test('is refused, the page says how it is allowed', async () => {
    await says([madeUp, '--deny-permission-prompts'], 'The camera is not allowed');
  });

  test('is not there, the page says so', async () => {
    await says(
      ['--use-fake-device-for-media-stream=device-count=0', '--use-fake-ui-for-media-stream'],
      'No camera found',
    );
  });
});
