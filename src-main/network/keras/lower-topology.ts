import type { Layer, LayerName } from '../layer.ts';
import type { WeightName } from '../weights.ts';
import type { KerasTopology } from './keras-topology.ts';
import { lowerLayer } from './lower-layer.ts';

/** A Keras model in layers of ours. */
interface LoweredTopology {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** For each Keras layer the layer of ours that has its output. */
  readonly outputs: ReadonlyMap<LayerName, LayerName>;
  /** Weights that no file has, because Keras leaves them out, with the number that stands in every place. */
  readonly constants: ReadonlyMap<WeightName, number>;
}

/** All layers, in the order of the topology, which must name every layer before it is used. */
export function lowerTopology({ name, layers, isKeras3 }: KerasTopology): LoweredTopology {
  const outputs = new Map<LayerName, LayerName>();
  const constants = new Map<WeightName, number>();
  const lowered = layers.flatMap((layer) => {
    const inputs = layer.inputs.map((input) => outputs.get(input) ?? input);
    const result = lowerLayer({ ...layer, inputs }, isKeras3);
    outputs.set(layer.name, result.layers.at(-1)?.name ?? inputs[0] ?? layer.name);
    for (const [weight, value] of result.constants) constants.set(weight, value);
    return result.layers;
  });
  return { name, layers: lowered, outputs, constants };
}
