import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { importedBackboneName, type BackboneRecord, type Rgb } from '../../../src-shared/domain/backbone.ts';
import {
  isBlueFirst,
  statisticsOf,
  type InputScaling,
  type InputStatistics,
} from '../../../src-shared/domain/input-scaling.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { stableJson } from '../../../src-shared/lib/stable-json.ts';
import { describeStages } from '../../network/describe-stages.ts';
import { reverseInputChannels } from '../../network/keras/channel-order.ts';
import type { ChannelMap } from '../../network/keras/input-steps.ts';
import { readForeignBackbone } from '../../network/keras/read-backbone.ts';
import { writeLayersModel, type LayersModel, type WeightedNetwork } from '../../network/layers-model.ts';
import { inputLayer, outputLayer } from '../../network/network.ts';
import { countParameters } from '../../network/parameters.ts';
import { shapeAt } from '../../network/shapes.ts';
import { fileError, systemCode } from '../../storage/file-error.ts';
import { hashOf } from './backbone-hash.ts';
import { readModelFiles } from './model-files.ts';

/** A model of somebody else, and what the person says about it. */
export interface BackboneImport {
  /** Has model.json and the files that it names. */
  readonly folder: string;
  readonly title: string;
  readonly scaling: InputScaling;
  /** Null for the model's own. */
  readonly inputSize: number | null;
  /** Null to end before the model's own head. */
  readonly endLayer: string | null;
  readonly licence: string;
  /** Where the weights come from; null for the name of the model. */
  readonly origin: string | null;
}

/**
 * Takes the backbone out of a TF.js Layers model and keeps it in a folder of its own under `root`; the same import again changes nothing.
 *
 * Its name ends in a digest of all that it is, so one name is one network with one preprocessing on every machine.
 */
export async function importBackbone(request: BackboneImport, root: string): Promise<BackboneRecord> {
  const { inputSize, endLayer } = request;
  const files = await readModelFiles(request.folder);
  const foreign = readForeignBackbone(files, { inputSize: inputSize ?? undefined, endLayer: endLayer ?? undefined });
  const model = isBlueFirst(request.scaling) ? redFirst(foreign.model) : foreign.model;
  const written = writeLayersModel(model.network, model.weights);
  const record = describe(request, { model, written, inputMap: foreign.inputMap });
  const licence = await readLicence(request);
  try {
    await keep(path.join(root, record.name), { written, record, licence });
  } catch (error) {
    throw fileError(error, say('doingKeepFile'), root);
  }
  return record;
}

function redFirst(model: WeightedNetwork): WeightedNetwork {
  const reversed = reverseInputChannels(model);
  if (!reversed) throw new AppError('unsupported', say('kerasOrderRefused'));
  return reversed;
}

interface Imported {
  readonly model: WeightedNetwork;
  readonly written: LayersModel;
  readonly inputMap: ChannelMap;
}

function describe(request: BackboneImport, { model, written, inputMap }: Imported): BackboneRecord {
  const { network } = model;
  const facts = {
    schemaVersion: 1,
    title: request.title,
    inputSize: inputLayer(network).shape[0] ?? 0,
    ...throughInputMap(statisticsOf(request.scaling), inputMap),
    interpolation: 'bilinear',
    featureCount: shapeAt(network, outputLayer(network).name).at(-1) ?? 0,
    parameterCount: countParameters(network).learnable,
    stages: describeStages(network),
    licence: request.licence,
    origin: request.origin ?? `Imported from the TF.js Layers model “${network.name}”`,
    sha256: hashOf(written),
  } as const;
  return { ...facts, name: importedBackboneName(request.title, hashOf({ modelJson: stableJson(facts) })) };
}

/** The model's own first steps as part of its statistics: ((pixel − mean) / std) · scale + offset. */
function throughInputMap({ mean, std }: InputStatistics, { scale, offset }: ChannelMap): InputStatistics {
  const each = (value: (channel: 0 | 1 | 2) => number): Rgb => [value(0), value(1), value(2)];
  return {
    mean: each((channel) => mean[channel] - (offset[channel] * std[channel]) / scale[channel]),
    std: each((channel) => std[channel] / scale[channel]),
  };
}

async function readLicence({ folder, title, licence }: BackboneImport): Promise<string> {
  const head = `${title}: ${licence}, as the person who imported it said.\n`;
  try {
    return `${head}\n${await readFile(path.join(folder, 'LICENSE'), 'utf8')}`;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return head;
  }
}

interface Kept {
  readonly written: LayersModel;
  readonly record: BackboneRecord;
  readonly licence: string;
}

/** Whole or not at all: the folder gets its name when everything is in it. */
async function keep(target: string, { written, record, licence }: Kept): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = await mkdtemp(path.join(path.dirname(target), '.import-'));
  try {
    await writeFile(path.join(temporary, 'model.json'), written.modelJson);
    await writeFile(path.join(temporary, 'weights.bin'), written.weightsBin);
    await writeFile(path.join(temporary, 'backbone.json'), `${stableJson(record, 2)}\n`);
    await writeFile(path.join(temporary, 'LICENSE'), licence);
    // A damaged one of the same name is replaced: importing again is how it is mended.
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
