import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backboneRecordSchema } from '../../src-shared/domain/backbone.ts';
import { chooseViews, type ViewsKind } from '../../src-shared/domain/pipeline/views.ts';
import type { TestImage } from '../../src-main/exporters/tfjs.ts';
import type { TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { train } from '../../src-main/trainer/train/train-job.ts';
import { ensureBuilt } from '../../tools/lib/builds.ts';
import { findChromium } from '../../tools/lib/chromium.ts';
import { recordingLink } from '../support/recording-link.ts';
import { exportTiny, judgedTestImages } from '../support/tiny-export.ts';
import { makeTinyJob } from '../support/tiny-training.ts';

const fromRoot = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

let browser: Browser;
let job: TrainJob;
let folder: string;
let images: readonly TestImage[];

/** A run on the real EfficientNet-Lite0, barely trained: certain answers would agree to 1e-4 whatever the page computes. */
async function trainedJob(viewsKind: ViewsKind | null): Promise<TrainJob> {
  const tiny = await makeTinyJob({ epochs: 1, learningRate: 1e-4 });
  const backboneFolder = fromRoot('assets/backbones/efficientnet-lite0');
  const record = await readFile(path.join(backboneFolder, 'backbone.json'), 'utf8');
  const backbone = v.parse(backboneRecordSchema, JSON.parse(record));
  const evaluation = chooseViews(tiny.pipeline.evaluation, viewsKind, backbone.inputSize);
  const made = { ...tiny, backboneFolder, backbone, pipeline: { ...tiny.pipeline, evaluation } };
  await train(made, recordingLink().link);
  return made;
}

beforeAll(async () => {
  job = await trainedJob(null);
  await ensureBuilt(['export-page', 'export-code'], () => undefined);
  ({ folder } = await exportTiny(job, fromRoot('dist/export-page')));
  images = await judgedTestImages(job);
  const executablePath = findChromium();
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser.close();
  await rm(path.dirname(job.runFolder), { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Everything that the page complained about or wanted from elsewhere. */
  readonly troubles: readonly string[];
}

async function openExportedPage(colorScheme: 'light' | 'dark' = 'light', of = folder): Promise<Opened> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 800, height: 900 }, locale: 'en' });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => void troubles.push(message.text()));
  page.on('pageerror', (error) => void troubles.push(error.message));
  page.on('request', (request) => {
    if (/^(https?|ws):/.test(request.url())) troubles.push(request.url());
  });
  await page.goto(pathToFileURL(path.join(of, 'example/browser/index.html')).href);
  await page.getByRole('button', { name: 'Choose a picture…', disabled: false }).waitFor();
  return { page, troubles };
}

async function classify(page: Page, file: string): Promise<readonly number[]> {
  await page.locator('main').evaluate((main) => {
    delete main.dataset['probabilities'];
  });
  await page.locator('input[type=file]').setInputFiles(file);
  const main = page.locator('main[data-probabilities]');
  await main.waitFor();
  return v.parse(v.array(v.number()), JSON.parse((await main.getAttribute('data-probabilities')) ?? ''));
}

describe('the exported page, opened from its file', () => {
  it('gives the probabilities of the app, silently and without asking anyone', async () => {
    const { page, troubles } = await openExportedPage();
    const differences: number[] = [];
    for (const image of images) {
      const probabilities = await classify(page, image.path);
      probabilities.forEach((probability, index) => {
        differences.push(Math.abs(probability - (image.probabilities[index] ?? Number.NaN)));
      });
    }
    expect(differences).toHaveLength(images.length * 3);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-4);
    expect(troubles).toEqual([]);
    const text = (await page.getByRole('status').textContent()) ?? '';
    expect(Number(/\d+/.exec(text)?.[0])).toBeLessThan(3000);
    await page.context().close();
  });

  it('averages the views of test-time augmentation as the app does', async () => {
    const withViews = await trainedJob('FiveCrop');
    const exported = await exportTiny(withViews, fromRoot('dist/export-page'));
    const { page, troubles } = await openExportedPage('light', exported.folder);
    for (const image of (await judgedTestImages(withViews)).slice(0, 3)) {
      const probabilities = await classify(page, image.path);
      const differences = probabilities.map((one, index) => Math.abs(one - (image.probabilities[index] ?? Number.NaN)));
      expect(differences).toHaveLength(3);
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-4);
    }
    expect(troubles).toEqual([]);
    await page.context().close();
    await rm(path.dirname(withViews.runFolder), { recursive: true, force: true });
  });

  it('says so when a file is no picture, and takes the next one', async () => {
    const { page } = await openExportedPage();
    await page.locator('input[type=file]').setInputFiles(path.join(folder, 'labels.txt'));
    await page.getByText('This file is not a picture').waitFor();
    await classify(page, images[0]?.path ?? '');
    expect(await page.getByRole('row').count()).toBe(3);
    await page.context().close();
  });

  it('carries the licence texts of all that is inlined in the page', async () => {
    const licences = await readFile(path.join(folder, 'LICENSES'), 'utf8');
    const named = [...licences.matchAll(/^(@?[\w./-]+) \d[\w.-]* \((?:MIT|Apache-2\.0.*)\)$/gm)].map(
      ([, name]) => name,
    );
    expect(named).toEqual(expect.arrayContaining(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', 'valibot']));
    const [, ofPage = ''] = licences.split('example/browser/index.html contains');
    expect(ofPage).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
    expect(ofPage).toContain('Copyright (c) Fabian Hiller');
    expect(ofPage).toContain('Permission is hereby granted, free of charge');
    expect(ofPage).toContain('Redistributions in binary form must reproduce the above copyright notice');
  });

  it.each(['light', 'dark'] as const)('has nothing for axe to find (%s)', async (colorScheme) => {
    const { page } = await openExportedPage(colorScheme);
    await classify(page, images[0]?.path ?? '');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    await page.context().close();
  });
});
