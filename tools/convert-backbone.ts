/**
 * Writes the bundled backbones into assets/backbones from PyTorch's weights.
 *
 *   node tools/convert-backbone.ts --source <dir> [--out <dir>] [--fixtures <dir>]
 *
 * `--source` holds, for each network, `<name>.safetensors`, `<name>.json` (architecture, and the features that PyTorch computes for
 * two photos) and those photos. Each network is checked before it is written: with float32 weights its features equal PyTorch's to
 * 1e-4, with the stored weights to 1 % of the largest. With `--fixtures` photos and features are copied there for the tests.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import * as v from 'valibot';
import type { BackboneRecord } from '../src-shared/domain/backbone.ts';
import { describeStages } from '../src-main/network/describe-stages.ts';
import {
  readLayersModel,
  writeLayersModel,
  type LayersModel,
  type WeightedNetwork,
} from '../src-main/network/layers-model.ts';
import { outputLayer } from '../src-main/network/network.ts';
import { countParameters } from '../src-main/network/parameters.ts';
import { shapeAt } from '../src-main/network/shapes.ts';
import { largestDifference } from './backbones/check-features.ts';
import { buildEfficientNetLite, sourceRecordSchema, type SourceRecord } from './backbones/efficientnet-lite.ts';
import { readSafetensors } from './backbones/safetensors.ts';

const names = ['efficientnet-lite0', 'efficientnet-lite1', 'efficientnet-lite2'] as const;

async function main(): Promise<void> {
  const options = { source: { type: 'string' }, out: { type: 'string' }, fixtures: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  if (values.source === undefined) throw new Error('Say where the weights are: --source <dir>');
  const out = values.out ?? path.join(import.meta.dirname, '..', 'assets', 'backbones');
  const licence = await readFile(path.join(import.meta.dirname, '..', 'LICENSE'), 'utf8');
  for (const name of names) {
    const { record, model } = await convert(values.source, name);
    const folder = path.join(out, name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'model.json'), model.modelJson);
    await writeFile(path.join(folder, 'weights.bin'), model.weightsBin);
    await writeFile(path.join(folder, 'backbone.json'), await prettyJson(record));
    await writeFile(path.join(folder, 'LICENSE'), licence);
    if (values.fixtures !== undefined) await copyFixtures(values.source, name, values.fixtures);
  }
}

async function convert(source: string, name: string): Promise<{ record: BackboneRecord; model: LayersModel }> {
  const sourceRecord = await readSourceRecord(source, name);
  const bytes = await readFile(path.join(source, `${name}.safetensors`));
  if (sha256(bytes) !== sourceRecord.sha256)
    throw new Error(`${name}.safetensors is not the file that its record describes`);
  const built = buildEfficientNetLite(sourceRecord, readSafetensors(bytes));
  const isKernel = (weight: string): boolean => weight.endsWith('kernel');
  const model = writeLayersModel(built.network, built.weights, (weight) => (isKernel(weight) ? 'float16' : 'float32'));
  await checkAgainstPyTorch(source, sourceRecord, built, readLayersModel(model));
  return { record: describe(sourceRecord, built, model), model };
}

/** Refuses to write a network whose features are not PyTorch's. */
async function checkAgainstPyTorch(
  source: string,
  record: SourceRecord,
  exact: WeightedNetwork,
  stored: WeightedNetwork,
): Promise<void> {
  const photos = record.goldens.map(({ image, features }) => ({ file: path.join(source, image), features }));
  const exactly = await largestDifference(exact, photos);
  const asStored = await largestDifference(stored, photos);
  const words = `float32 ${exactly.absolute.toExponential(1)}, as stored ${(asStored.relative * 100).toFixed(2)} % of the largest feature`;
  process.stdout.write(`${record.name}: ${words}\n`);
  if (exactly.absolute > 1e-4 || asStored.relative > 0.01)
    throw new Error(`${record.name} does not compute what PyTorch does`);
}

function describe(source: SourceRecord, { network }: WeightedNetwork, model: LayersModel): BackboneRecord {
  const pixelMean = 127 / 255;
  const pixelStd = 128 / 255;
  return {
    schemaVersion: 1,
    name: source.name,
    title: `EfficientNet-Lite${source.name.at(-1)}`,
    inputSize: source.inputSize,
    mean: [pixelMean, pixelMean, pixelMean],
    std: [pixelStd, pixelStd, pixelStd],
    interpolation: 'bilinear',
    featureCount: shapeAt(network, outputLayer(network).name).at(-1) ?? 0,
    parameterCount: countParameters(network).learnable,
    stages: describeStages(network),
    licence: source.licence,
    origin: source.origin,
    sha256: sha256(model.weightsBin),
  };
}

async function copyFixtures(source: string, name: string, fixtures: string): Promise<void> {
  const { inputSize, goldens } = await readSourceRecord(source, name);
  await mkdir(fixtures, { recursive: true });
  // Not copyFile: the sources may be read-only, the copies must not be.
  for (const { image } of goldens)
    await writeFile(path.join(fixtures, image), await readFile(path.join(source, image)));
  const photos = goldens.map(({ image, features }) => ({ image, features }));
  await writeFile(path.join(fixtures, `${name}.json`), `${JSON.stringify({ name, inputSize, photos })}\n`);
}

async function readSourceRecord(source: string, name: string): Promise<SourceRecord> {
  const text = await readFile(path.join(source, `${name}.json`), 'utf8');
  return v.parse(v.pipe(v.string(), v.parseJson(), sourceRecordSchema), text);
}

async function prettyJson(value: unknown): Promise<string> {
  const config = await resolveConfig(import.meta.filename);
  return format(JSON.stringify(value), { ...config, parser: 'json' });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

await main();
