import type { InputLayer, Layer, LayerName } from './layer.ts';
import { createNetwork, getStage, outputLayer, type Network, type NetworkStage } from './network.ts';
import { shapeAt } from './shapes.ts';

/** The last layer of a stage: the point whose activations stand for everything up to it. */
export function stageOutput(network: Network, stageName: string): LayerName {
  const last = getStage(network, stageName).layers.at(-1);
  if (last === undefined) throw new Error(`The stage ${stageName} of ${network.name} is empty`);
  return last;
}

/** The layers that run between two points, in order, without `from`. Throws unless every path to `to` passes through `from`. */
export function layersBetween(network: Network, from: LayerName, to: LayerName): readonly Layer[] {
  const needed = layersBefore(network, from, to);
  if (needed.some(({ kind }) => kind === 'input')) {
    throw new Error(`${to} of ${network.name} does not follow from ${from} alone`);
  }
  return needed;
}

/** Whether all that comes from the input to the output passes through this layer. */
export function isOnEveryPath(network: Network, layer: LayerName): boolean {
  return layersBefore(network, layer, outputLayer(network).name).every(({ kind }) => kind !== 'input');
}

/** What `to` needs besides the output of `from`, in order. */
function layersBefore(network: Network, from: LayerName, to: LayerName): readonly Layer[] {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  if (!byName.has(from)) throw new Error(`No layer ${from} in ${network.name}`);
  const needed = new Set<LayerName>();
  const open = [to];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === from || needed.has(name)) continue;
    const layer = byName.get(name);
    if (!layer) throw new Error(`No layer ${name} in ${network.name}`);
    needed.add(name);
    open.push(...layer.inputs);
  }
  return network.layers.filter((layer) => needed.has(layer.name));
}

/** The part of a network between two points as a network of its own; `from` becomes its input layer under the same name. */
export function cutStretch(network: Network, from: LayerName, to: LayerName): Network {
  const layers = layersBetween(network, from, to);
  const entry: InputLayer = { kind: 'input', name: from, inputs: [], shape: shapeAt(network, from) };
  return createNetwork(network.name, [entry, ...layers], stagesOf(network, layers));
}

function stagesOf(network: Network, layers: readonly Layer[]): readonly NetworkStage[] {
  const names = new Set(layers.map((layer) => layer.name));
  return network.stages
    .map((stage) => ({ name: stage.name, layers: stage.layers.filter((name) => names.has(name)) }))
    .filter((stage) => stage.layers.length > 0);
}
