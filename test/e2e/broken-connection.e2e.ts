import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Response } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { namedRandom, note, soakTimeoutMs, times } from '../support/soak.ts';
import { openStudio, type Studio } from './studio.ts';

let studio: Studio;
/** Every connection that the host in this process has taken. */
const sockets = new Set<Socket>();
/** A host that is down takes nobody in. */
let isDown = false;

beforeAll(async () => {
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { readonly socket: Socket };
    if (isDown) socket.destroy();
    else sockets.add(socket.once('close', () => sockets.delete(socket)));
  });
  studio = await openStudio();
  await studio.page.getByRole('button', { name: 'Open the sample Fluent Emoji' }).click();
  await studio.page.getByRole('option', { name: /bridge/ }).waitFor();
});

afterAll(async () => {
  await studio.close();
});

function cut(): void {
  for (const socket of sockets) socket.destroy();
}

function cell(index: number) {
  return studio.page.locator('.imggrid .cell').nth(index);
}

function lostLine() {
  return studio.page.getByText('Graft does not answer.', { exact: true });
}

/** Every label in core's words. */
async function savedLabels(): Promise<ReadonlyMap<ImageId, ClassId | null>> {
  const [project] = (await studio.client.call('project.list', {})).projects;
  const { images } = await studio.client.call('dataset.get', { projectId: project!.id });
  return new Map(images.map(({ id, classId }) => [id, classId]));
}

/** What stands under the cells that the page shows, as core has it. */
async function captions(): Promise<readonly string[]> {
  const shown = await studio.page.locator('.imggrid .cell').count();
  const [project] = (await studio.client.call('project.list', {})).projects;
  const { images, classes } = await studio.client.call('dataset.get', { projectId: project!.id });
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  return images.slice(0, shown).map(({ classId }) => (classId === null ? 'No label' : names.get(classId)!));
}

/** The label that a request asked for, where core's answer arrived. */
async function acknowledged(response: Response): Promise<{ imageIds: readonly ImageId[]; classId: ClassId } | null> {
  const answer = (await response.json().catch(() => null)) as { readonly ok?: boolean } | null;
  return answer?.ok === true ? (response.request().postDataJSON() as never) : null;
}

test('a host that is gone is told within a second, and the page is up to date when it is back', async () => {
  const { page, client } = studio;
  isDown = true;
  cut();
  const cutAt = performance.now();
  await lostLine().waitFor();
  expect(performance.now() - cutAt).toBeLessThan(1000);
  // Somebody else labels meanwhile; the page cannot hear of it.
  const [project] = (await client.call('project.list', {})).projects;
  const { images, classes } = await client.call('dataset.get', { projectId: project!.id });
  const other = classes.find(({ id }) => id !== images[0]!.classId)!;
  await client.call('dataset.setLabel', { projectId: project!.id, imageIds: [images[0]!.id], classId: other.id });
  isDown = false;
  await lostLine().waitFor({ state: 'detached' });
  await expect.poll(() => cell(0).locator('.cell__cap').innerText()).toContain(other.name);
  expect(await page.getByRole('alert').count()).toBe(0);
});

test(
  'no label that was acknowledged is lost however often the connection is cut',
  { timeout: soakTimeoutMs },
  async () => {
    const { page } = studio;
    const random = namedRandom('cut connections');
    const asked: Promise<{ imageIds: readonly ImageId[]; classId: ClassId } | null>[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/rpc/dataset.setLabel')) asked.push(acknowledged(response));
    });
    const cuts = times(12, 200);
    for (let turn = 0; turn < cuts; turn += 1) {
      await cell(turn % 24).click();
      await page.keyboard.press(String(1 + random.integer(8)));
      await delay(random.next() * 40);
      cut();
      await lostLine().waitFor({ state: 'detached' });
      await cell(0).waitFor();
    }
    await expect.poll(() => sockets.size).toBeGreaterThan(0);
    const saved = await savedLabels();
    const latest = new Map<ImageId, ClassId>();
    const answers = (await Promise.all(asked)).filter((label) => label !== null);
    for (const { imageIds, classId } of answers) for (const id of imageIds) latest.set(id, classId);
    note(`${cuts} cuts, ${answers.length} acknowledged labels`);
    expect(answers.length).toBeGreaterThan(0);
    expect([...latest].filter(([id, classId]) => saved.get(id) !== classId)).toEqual([]);
    // What is shown is what is saved, whichever of the changes got through.
    await expect.poll(() => page.locator('.imggrid .cell .cell__cap').allInnerTexts()).toEqual(await captions());
  },
);
