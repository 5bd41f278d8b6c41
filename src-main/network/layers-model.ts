import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { readKerasTopology } from './keras/keras-topology.ts';
import { lowerTopology } from './keras/lower-topology.ts';
import { writeTopology } from './keras/write-topology.ts';
import { createNetwork, type Network, type NetworkStage } from './network.ts';
import { checkWeights } from './parameters.ts';
import { decodeWeights, encodeWeights, weightsManifestSchema, type StoredPrecision } from './weights-format.ts';
import type { NetworkWeights, WeightName } from './weights.ts';

/** A network with its numbers. */
export interface WeightedNetwork {
  readonly network: Network;
  readonly weights: NetworkWeights;
}

/** The two files of a TF.js Layers model: the text of model.json and the bytes of weights.bin. */
export interface LayersModel {
  readonly modelJson: string;
  readonly weightsBin: Uint8Array;
}

const modelSchema = v.object({
  format: v.literal('layers-model'),
  modelTopology: v.unknown(),
  weightsManifest: weightsManifestSchema,
  // TF.js leaves this field to its users; it carries the stages, which Keras has no word for.
  userDefinedMetadata: v.optional(
    v.object({ stages: v.optional(v.array(v.object({ name: v.string(), layers: v.array(v.string()) }))) }),
  ),
});

/** The files that a model.json names for its weights; their bytes belong one after another. */
export function weightFilesOf(modelJson: string): readonly string[] {
  return parseModel(modelJson).weightsManifest.flatMap(({ paths }) => paths);
}

/** The topology of a TF.js Layers model as it stands, without its numbers. */
export function topologyOf(modelJson: string): unknown {
  return parseModel(modelJson).modelTopology;
}

/** The topology of a TF.js Layers model as it stands, the stages that Graft gave it, and its numbers by their names there. */
export function decodeLayersModel(model: LayersModel): {
  readonly topology: unknown;
  readonly stages: readonly NetworkStage[] | undefined;
  readonly weights: NetworkWeights;
} {
  const { modelTopology, weightsManifest, userDefinedMetadata } = parseModel(model.modelJson);
  const entries = weightsManifest.flatMap((group) => group.weights);
  const weights = decodeWeights(entries, model.weightsBin);
  return { topology: modelTopology, stages: userDefinedMetadata?.stages, weights };
}

/** Reads a TF.js Layers model. A model without stages gets one, named `network`. Refuses what is damaged or not supported, by name. */
export function readLayersModel(model: LayersModel): WeightedNetwork {
  const { topology, weights, stages: given } = decodeLayersModel(model);
  const { name, layers } = lowerTopology(readKerasTopology(topology));
  const everything = layers.filter((layer) => layer.kind !== 'input').map((layer) => layer.name);
  const stages = given ?? [{ name: 'network', layers: everything }];
  try {
    const network = createNetwork(name, layers, stages);
    checkWeights(network, weights);
    return { network, weights };
  } catch (error) {
    throw new AppError('damaged-file', say('networkUnsound', { reason: String(error) }), { cause: error });
  }
}

function parseModel(modelJson: string): v.InferOutput<typeof modelSchema> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), modelSchema), modelJson);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue) ?? 'model.json';
  throw new AppError('damaged-file', say('kerasModelDamaged', { place, problem: issue.message }));
}

/** The two files of a TF.js Layers model, its weights in parts that belong one after another. */
interface EncodedModel {
  readonly modelJson: string;
  readonly weightsParts: readonly Uint8Array[];
}

/**
 * Writes a TF.js Layers model that `tf.loadLayersModel` reads with nothing of ours.
 *
 * All numbers are float32 unless `precisionOf` says otherwise; halves use TF.js's own `quantization` entries.
 */
export function encodeLayersModel(
  network: Network,
  weights: NetworkWeights,
  precisionOf: (name: WeightName) => StoredPrecision = () => 'float32',
): EncodedModel {
  checkWeights(network, weights);
  const { entries, parts } = encodeWeights(weights, precisionOf);
  const json = {
    format: 'layers-model',
    generatedBy: 'Graft',
    convertedBy: null,
    modelTopology: writeTopology(network),
    weightsManifest: [{ paths: ['weights.bin'], weights: entries }],
    userDefinedMetadata: { stages: network.stages },
  };
  return { modelJson: JSON.stringify(json), weightsParts: parts };
}

/** As encodeLayersModel, with the weights in one piece. */
export function writeLayersModel(...args: Parameters<typeof encodeLayersModel>): LayersModel {
  const { modelJson, weightsParts } = encodeLayersModel(...args);
  return { modelJson, weightsBin: new Uint8Array(Buffer.concat(weightsParts)) };
}
