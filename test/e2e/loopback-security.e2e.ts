import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLoopback, type Loopback } from '../../src-main/loopback/loopback.ts';
import { ensureChromium } from '../../tools/lib/chromium.ts';
import { createSmallCore } from '../support/small-core.ts';

// What a real browser, with a session of ours in its jar, lets other sites do.

const settings = { language: 'en', theme: 'dark' } as const;

let folder: string;
let loopback: Loopback;
let browser: Browser;
let page: Page;
let otherSite: string;
let closeOtherSite: () => void;
let commandCount = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'graft-security-'));
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><title>Studio</title><script>window.planted = 1</script>',
  );
  const core = createSmallCore({
    'settings.get': () => {
      commandCount += 1;
      return settings;
    },
  });
  loopback = await startLoopback({ core, port: 0, staticRoot: folder });

  const other = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>Other'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  otherSite = `http://other.test:${(other.address() as AddressInfo).port}`;
  closeOtherSite = () => other.close();

  const executablePath = await ensureChromium(() => undefined);
  if (executablePath === undefined) throw new Error('There is no Chromium for the tests of the page.');
  const rules = 'MAP rebind.test 127.0.0.1, MAP other.test 127.0.0.1';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', `--host-resolver-rules=${rules}`] });
  page = await (await browser.newContext()).newPage();
  await page.goto(loopback.urlWithToken);
});

afterAll(async () => {
  await browser.close();
  closeOtherSite();
  await loopback.close();
  await rm(folder, { recursive: true });
});

test('the link leads to the page without its secret, and the cookie is out of scripts’ reach', async () => {
  expect(page.url()).toBe(`${loopback.url}/`);
  expect(await page.title()).toBe('Studio');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('the page may ask for the pictures of a camera, and for nothing else that a browser can lend', async () => {
  const answers = await page.evaluate(() => {
    const { featurePolicy } = document as unknown as { featurePolicy: { allowsFeature(name: string): boolean } };
    const names = ['camera', 'microphone', 'display-capture', 'geolocation', 'usb', 'serial', 'hid', 'midi', 'payment'];
    return names.filter((name) => featurePolicy.allowsFeature(name));
  });
  expect(answers).toEqual(['camera']);
});

test('a script that was slipped into the page does not run', async () => {
  expect(await page.evaluate(() => 'planted' in window)).toBe(false);
});

test('the page itself can ask and listen', async () => {
  const outcome = await page.evaluate(attack, { http: '', socket: loopback.url.replace('http', 'ws') });
  expect(outcome).toEqual({ command: 200, socket: 'open' });
});

test('a name that was bent to this machine finds nothing', async () => {
  const rebound = await page.context().newPage();
  const port = String(loopback.port);
  const answer = await rebound.goto(`http://rebind.test:${port}/`);
  expect({ status: answer?.status(), body: await answer?.text() }).toEqual({
    status: 403,
    body: 'This is not an address of Graft.\n',
  });
  const before = commandCount;
  const outcome = await rebound.evaluate(attack, { http: '', socket: `ws://rebind.test:${port}` });
  expect(outcome.command === 200 || outcome.socket === 'open').toBe(false);
  expect(commandCount).toBe(before);
});

test('another site can neither ask nor listen, with the session in the same browser', async () => {
  const other = await page.context().newPage();
  await other.goto(otherSite);
  const before = commandCount;
  const outcome = await other.evaluate(attack, { http: loopback.url, socket: loopback.url.replace('http', 'ws') });
  expect(outcome).toEqual({ command: 'failed', socket: 'closed' });
  expect(commandCount).toBe(before);
});

test('another site cannot show the page in a frame', async () => {
  const other = await page.context().newPage();
  await other.goto(otherSite);
  await other.evaluate(async (source) => {
    const frame = document.createElement('iframe');
    frame.src = source;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
  }, loopback.url);
  const titles = await Promise.all(other.frames().map((frame) => frame.title().catch(() => '')));
  expect(titles).not.toContain('Studio');
});

/** Runs in a page: tries a command and the event socket, with whatever the browser sends along. */
async function attack(target: {
  http: string;
  socket: string;
}): Promise<{ command: number | 'failed'; socket: 'open' | 'closed' }> {
  const command = await fetch(`${target.http}/rpc/settings.get`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).then(
    (response) => response.status,
    () => 'failed' as const,
  );
  const socket = await new Promise<'open' | 'closed'>((resolve) => {
    const opened = new WebSocket(`${target.socket}/events`);
    opened.addEventListener('open', () => resolve('open'));
    opened.addEventListener('close', () => resolve('closed'));
  });
  return { command, socket };
}
