import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BackboneRecord } from '../../src-shared/domain/backbone.ts';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { RunRecord } from '../../src-shared/domain/run.ts';
import { licenceNotes } from './licence-notes.ts';
import { modelCard } from './model-card.ts';
import { pageStyle } from './page-style.ts';
import { renderPage } from './page-html.ts';
import { writeTorchvision } from './preprocess-code/write-torchvision.ts';
import { writeJavaScript } from './preprocess-code/write-javascript.ts';
import { describePreprocessing } from './preprocessing.ts';
import { lobeSignature } from './signature.ts';

/** An image with what the app says about it. */
export interface TestImage {
  readonly imageId: ImageId;
  readonly path: string;
  readonly probabilities: readonly number[];
}

export interface TfjsExportRequest {
  /** Exists and is empty; nothing is written beside it. */
  readonly folder: string;
  readonly runFolder: string;
  readonly record: RunRecord;
  readonly projectName: string;
  readonly backbone: BackboneRecord;
  readonly backboneFolder: string;
  /** Held-out images; the first few go along as a test. */
  readonly images: readonly TestImage[];
  /** The built browser-page: page.js and the LICENSES.txt of what is in it. */
  readonly pageFolder: string;
  /** The built preprocess-code: library.js. */
  readonly codeFolder: string;
}

const testImageCount = 3;

/**
 * Writes a run as a TF.js Layers model with everything that it takes to use it.
 *
 *     tfjs/model.json, tfjs/weights.bin   loads with tf.loadLayersModel
 *     labels.txt                          one class a line, in the order of the outputs
 *     preprocess.json                     what happens to a picture first (preprocessing.ts)
 *     preprocess.mjs                       the same as code, for browsers and Node (preprocess-code)
 *     preprocess.py                       the same for torchvision
 *     signature.json                      inputs and outputs, as Lobe writes them
 *     example/browser/index.html          opens by double click, offline
 *     test/                               three pictures and the app's probabilities for them
 *     MODEL_CARD.md, LICENSES
 *
 * Files are not flushed: the caller does that before it gives the folder its name.
 */
export async function writeTfjsExport(request: TfjsExportRequest): Promise<void> {
  const { folder, runFolder, record, projectName, backbone } = request;
  const [modelJson, weights, script, pageLicences, codeLibrary, backboneLicence] = await Promise.all([
    readFile(path.join(runFolder, 'model.json'), 'utf8'),
    readFile(path.join(runFolder, 'weights.bin')),
    readFile(path.join(request.pageFolder, 'page.js'), 'utf8'),
    readFile(path.join(request.pageFolder, 'LICENSES.txt'), 'utf8'),
    readFile(path.join(request.codeFolder, 'library.js'), 'utf8'),
    readFile(path.join(request.backboneFolder, 'LICENSE'), 'utf8'),
  ]);
  const labels = record.classes.map(({ name }) => name);
  const preprocessing = describePreprocessing(record.pipeline.evaluation, backbone);
  const title = `${projectName} · ${record.name}`;
  const page = renderPage({ data: { title, labels, preprocessing, modelJson }, weights, script, style: pageStyle });
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['tfjs/model.json', modelJson],
    ['tfjs/weights.bin', weights],
    ['labels.txt', labels.map((label) => `${label.replaceAll(/\s+/g, ' ')}\n`).join('')],
    ['preprocess.json', json(preprocessing)],
    ['preprocess.mjs', writeJavaScript(preprocessing, codeLibrary)],
    ['preprocess.py', writeTorchvision(preprocessing, backbone)],
    ['signature.json', json(lobeSignature({ record, projectName, inputSize: backbone.inputSize }))],
    ['example/browser/index.html', page],
    ['MODEL_CARD.md', modelCard({ record, projectName, backbone })],
    ['LICENSES', licenceNotes({ backbone, backboneLicence, pageLicences })],
  ];
  for (const [name, content] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  await writeTests(path.join(folder, 'test'), labels, request.images.slice(0, testImageCount));
}

async function writeTests(folder: string, labels: readonly string[], images: readonly TestImage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const expected = images.map(({ path: source, probabilities }, index) => ({
    image: `image-${index + 1}${path.extname(source)}`,
    probabilities: Object.fromEntries(labels.map((label, position) => [label, probabilities[position] ?? 0])),
  }));
  await Promise.all(
    images.map((image, index) => copyFile(image.path, path.join(folder, expected[index]?.image ?? ''))),
  );
  await writeFile(path.join(folder, 'expected.json'), json({ schemaVersion: 1, tolerance: 1e-4, images: expected }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
