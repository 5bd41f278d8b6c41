import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Sentence } from '../../../src-shared/domain/sentence.ts';
import type { LayerName } from '../layer.ts';
import { topologyOf } from '../layers-model.ts';
import { inputLayer } from '../network.ts';
import { layerShapes } from '../shapes.ts';
import { stageOutput } from '../split.ts';
import { findEnd, isReachedWithout, layersUpTo } from './find-end.ts';
import { takeInputSteps } from './input-steps.ts';
import { readKerasTopology, type KerasLayer, type KerasTopology } from './keras-topology.ts';
import { lowerLayer } from './lower-layer.ts';
import { lowerTopology } from './lower-topology.ts';
import { stagedNetwork, withInputSize } from './read-backbone.ts';

/** What the topology alone says of the backbone in a model. */
interface BackboneInspection {
  readonly name: string;
  readonly layerCount: number;
  readonly inputSize: number | null;
  readonly hasOwnPreprocessing: boolean;
  readonly refusals: readonly Sentence[];
  readonly ends: readonly { readonly layer: LayerName; readonly shape: number[] }[];
}

/** Only to tell shapes of models that take images of any size. */
const assumedInputSize = 224;

/**
 * Looks at a model as `readForeignBackbone` would take it, without its weights, and tells every layer that stands in the way instead of the first.
 *
 * AppError unsupported when not even its beginning can be used.
 */
export function inspectForeignBackbone(modelJson: string): BackboneInspection {
  const keras = readKerasTopology(topologyOf(modelJson));
  const own = layersUpTo(keras.layers, findEnd(keras, undefined));
  // Numbers of the first steps lie in the weights; whether there are such steps does not.
  const { layers } = takeInputSteps(own, new Map());
  const refused = layers.flatMap((layer) => refusalOf(layer, keras.isKeras3));
  const usable = layersBefore(refused[0]?.layer, layers);
  const isOpen = hasOpenSize(own, keras.isKeras3);
  const network = usable.length > 1 ? readNetwork({ ...keras, layers: usable }, isOpen) : null;
  return {
    name: keras.name,
    layerCount: own.length,
    inputSize: isOpen ? null : (network?.inputSize ?? null),
    hasOwnPreprocessing: layers.length < own.length,
    refusals: refused.map(({ reason }) => reason),
    ends: network?.ends ?? [],
  };
}

/** The layers up to the last place before `refused` that all paths pass; all of them when nothing is refused. */
function layersBefore(refused: KerasLayer | undefined, layers: readonly KerasLayer[]): readonly KerasLayer[] {
  const output = layers.at(-1)?.name ?? '';
  if (!refused) return layers;
  const end = layers.slice(0, layers.indexOf(refused)).findLast(({ name }) => !isReachedWithout(layers, output, name));
  return end ? layersUpTo(layers, end.name) : [];
}

function refusalOf(layer: KerasLayer, isKeras3: boolean): { layer: KerasLayer; reason: Sentence }[] {
  try {
    lowerLayer(layer, isKeras3);
    return [];
  } catch (error) {
    if (error instanceof AppError) return [{ layer, reason: error.sentence }];
    throw error;
  }
}

/** Whether a model takes images of any size. */
function hasOpenSize(layers: readonly KerasLayer[], isKeras3: boolean): boolean {
  const inputs = layers
    .filter((layer) => layer.inputs.length === 0)
    .flatMap((layer) => lowerLayer(layer, isKeras3).layers);
  return inputs.some((layer) => layer.kind === 'input' && layer.shape.slice(0, 2).includes(0));
}

function readNetwork(keras: KerasTopology, isOpen: boolean): Pick<BackboneInspection, 'inputSize' | 'ends'> {
  const { layers, outputs } = lowerTopology(keras);
  const sized = layers.map((layer) => withInputSize(layer, isOpen ? assumedInputSize : undefined));
  const network = stagedNetwork(keras.name, sized);
  const shapes = layerShapes(network);
  // An end is named as the model itself names it.
  const named = new Map([...outputs].map(([layer, output]) => [output, layer]));
  const ends = network.stages.flatMap(({ name }) => {
    const output = stageOutput(network, name);
    const layer = named.get(output);
    return layer === undefined ? [] : [{ layer, shape: [...(shapes.get(output) ?? [])] }];
  });
  return { inputSize: inputLayer(network).shape[0] ?? null, ends };
}
