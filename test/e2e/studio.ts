import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import type { ByteSource } from '../../src-main/core/byte-source.ts';
import { composeCore } from '../../src-main/core/compose.ts';
import type { Core } from '../../src-main/core/core.ts';
import { createInProcessClient } from '../../src-main/core/in-process-client.ts';
import type { Logger } from '../../src-main/core/logger.ts';
import { createNodeProcessStarter } from '../../src-main/core/node-process-starter.ts';
import { appPaths } from '../../src-main/core/paths.ts';
import { startLoopback, type Loopback } from '../../src-main/loopback/loopback.ts';
import type { Client } from '../../src-shared/contract/contract.ts';
import { ensureBuilt } from '../../tools/lib/builds.ts';
import { ensureChromium } from '../../tools/lib/chromium.ts';

/** The whole app, as `graft serve` runs it, with a person's empty home and a real browser in front of it. */
export interface Studio {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly client: Client;
  /** A temporary folder of this person: projects, settings, and room for a test's own files. */
  readonly home: string;
  /** What the console, the page and core complained about so far; a test ends with none. */
  readonly problems: readonly string[];
  /** Opens the app in a further tab of the same person. */
  openTab(): Promise<Page>;
  close(): Promise<void>;
}

export interface StudioOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Further switches of the browser, such as for a camera that is made up. */
  readonly browserArguments?: readonly string[];
  /** Thumbnails for a project whose images have no files. */
  readonly thumbnail?: ByteSource['thumbnail'];
}

/** Starts core, its loopback host and a browser; the page stands at home. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  await ensureBuilt(['renderer', 'export-page', 'export-code'], () => undefined);
  const home = await mkdtemp(path.join(os.tmpdir(), 'graft-e2e-'));
  const problems: string[] = [];
  const core = await startCore(home, problems);
  const { thumbnail = core.bytes.thumbnail } = options;
  const loopback = await startLoopback({
    core: { ...core, bytes: { ...core.bytes, thumbnail } },
    port: 0,
    staticRoot: path.join(appPaths(process.env).dist, 'renderer'),
  });
  const browser = await launch(options.browserArguments);
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1440, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
    locale: options.locale ?? 'en-US',
    reducedMotion: 'reduce',
  });
  const openTab = (): Promise<Page> => openPage(context, loopback, problems);
  return {
    page: await openTab(),
    context,
    client: createInProcessClient(core),
    home,
    problems,
    openTab,
    async close() {
      await browser.close();
      await loopback.close();
      await core.close();
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** A further tab, and a way to tell it events as if core had sent them. */
export async function openTabWithEvents({
  context,
  openTab,
}: Studio): Promise<{ readonly page: Page; readonly send: (event: unknown) => void }> {
  let send: (event: unknown) => void = () => undefined;
  await context.routeWebSocket(/\/events$/, (socket) => {
    socket.connectToServer();
    send = (event) => socket.send(JSON.stringify(event));
  });
  return { page: await openTab(), send: (event) => send(event) };
}

/** Opens a bundled sample and leads by buttons and links to its form for a new run. */
export async function goToNewRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample Fluent Emoji' }).click();
  await page.getByRole('link', { name: 'Pipelines' }).click();
  await page.getByRole('button', { name: 'Train with this' }).click();
  await page.getByRole('heading', { name: 'New run' }).waitFor();
}

/** Types a path into the open folder chooser, once its first listing has come, and goes there. */
export async function goToFolder(page: Page, folder: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button').first().waitFor();
  const field = page.getByRole('textbox', { name: 'Path' });
  await field.fill(folder);
  await field.press('Enter');
}

/** What axe finds on the page as it stands, as "rule: element" lines: by all its rules, or by the named ones only. */
export async function findBarriers(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page });
  if (rules.length > 0) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary ?? ''})`),
  );
}

async function startCore(home: string, problems: string[]): Promise<Core> {
  const logger: Logger = {
    info: () => undefined,
    error: (message, error) => void problems.push(`core: ${message}: ${String(error)}`),
  };
  const paths = {
    ...appPaths(process.env),
    config: path.join(home, 'config'),
    cache: path.join(home, 'cache'),
    projects: path.join(home, 'projects'),
  };
  return await composeCore({
    paths,
    logger,
    now: () => new Date(),
    processStarter: createNodeProcessStarter(),
    version: '0.0.0-test',
    access: 'write',
  });
}

async function launch(more: readonly string[] = []): Promise<Browser> {
  const executablePath = await ensureChromium(() => undefined);
  if (executablePath === undefined) throw new Error('There is no Chromium for the tests of the page.');
  // A container has no user namespaces for Chromium's own sandbox; the page under test is ours.
  return await chromium.launch({ executablePath, args: ['--no-sandbox', ...more] });
}

async function openPage(context: BrowserContext, loopback: Loopback, problems: string[]): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
  await page.goto(loopback.urlWithToken);
  await page.locator('#app > *').first().waitFor();
  return page;
}
