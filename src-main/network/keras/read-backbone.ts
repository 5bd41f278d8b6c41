import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { findStages } from '../find-stages.ts';
import type { Layer, LayerName } from '../layer.ts';
import { decodeLayersModel, type LayersModel, type WeightedNetwork } from '../layers-model.ts';
import { createNetwork, inputLayer, outputLayer, type Network } from '../network.ts';
import { shapeAt } from '../shapes.ts';
import { findEnd, layersUpTo } from './find-end.ts';
import { takeInputSteps, type ChannelMap } from './input-steps.ts';
import { readKerasTopology } from './keras-topology.ts';
import { lowerTopology } from './lower-topology.ts';
import { matchWeights } from './match-weights.ts';

/** What to take of a model. */
export interface BackboneChoice {
  /** The last layer of the backbone; found when left out. */
  readonly endLayer?: LayerName | undefined;
  /** Width and height of the images; the model's own when left out. */
  readonly inputSize?: number | undefined;
}

/** A backbone in a model that somebody else made. */
export interface ForeignBackbone {
  readonly model: WeightedNetwork;
  /** What the model did to its input by itself, which is not in `model`. */
  readonly inputMap: ChannelMap;
}

/**
 * Takes the backbone out of a TF.js Layers model of Keras: without its head, its own preprocessing and its training, with stages.
 *
 * AppError unsupported names the layer or the setting that Graft does not know; only layers that the backbone needs are looked at.
 */
export function readForeignBackbone(files: LayersModel, choice: BackboneChoice): ForeignBackbone {
  const { topology, weights: stored } = decodeLayersModel(files);
  const keras = readKerasTopology(topology);
  const own = layersUpTo(keras.layers, findEnd(keras, choice.endLayer));
  const { layers, inputMap } = takeInputSteps(own, stored);
  const lowered = lowerTopology({ ...keras, layers });
  const sized = lowered.layers.map((layer) => withInputSize(layer, choice.inputSize));
  const network = stagedNetwork(keras.name, sized);
  return { model: { network, weights: matchWeights(network, stored, lowered.constants) }, inputMap };
}

/** A network with stages, of which a backbone can be made; AppError unsupported says why it cannot. */
export function stagedNetwork(name: string, layers: readonly Layer[]): Network {
  try {
    const names = layers.filter(({ kind }) => kind !== 'input').map((layer) => layer.name);
    const whole = createNetwork(name, layers, [{ name: 'network', layers: names }]);
    const network = createNetwork(name, layers, findStages(whole));
    checkEnds(network);
    return network;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('unsupported', say('kerasModelUnsound', { reason }), { cause: error });
  }
}

/** The input layer with the width and height asked for; AppError bad-input when nobody names them. */
export function withInputSize(layer: Layer, inputSize: number | undefined): Layer {
  if (layer.kind !== 'input') return layer;
  const [height = 0, width = 0, channels = 0] = layer.shape;
  if (inputSize === undefined && (height === 0 || width === 0)) {
    throw new AppError('bad-input', say('kerasInputSizeOpen'));
  }
  return { ...layer, shape: [inputSize ?? height, inputSize ?? width, channels] };
}

/** Square colour images go in, and an image of features comes out. */
function checkEnds(network: Network): void {
  const { shape } = inputLayer(network);
  const [height, width, channels] = shape;
  if (shape.length !== 3 || channels !== 3 || height !== width) {
    throw new AppError('unsupported', say('kerasInputRefused', { shape: shape.join(' × ') }));
  }
  const end = outputLayer(network).name;
  if (shapeAt(network, end).length !== 3) {
    throw new AppError('unsupported', say('kerasEndRefused', { layer: end }));
  }
}
