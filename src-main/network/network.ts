import type { InputLayer, Layer, LayerName } from './layer.ts';

/** A named run of layers that is frozen or trained as a whole, in order from input to output. */
export interface NetworkStage {
  readonly name: string;
  readonly layers: readonly LayerName[];
}

/**
 * A small graph of layers with one input and one output; holds no numbers, those are `NetworkWeights`.
 *
 * `layers` is in topological order: the input first, the output last. Every layer but the input belongs to exactly one stage.
 */
export interface Network {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly stages: readonly NetworkStage[];
}

/** Makes a network from layers in any order. Throws a plain error when the graph is not sound: that is a bug or damaged data. */
export function createNetwork(name: string, layers: readonly Layer[], stages: readonly NetworkStage[]): Network {
  const ordered = sortTopologically(layers);
  const inputs = ordered.filter((layer) => layer.kind === 'input');
  if (inputs.length !== 1) throw new Error(`Expected one input layer in ${name}, received ${inputs.length}`);
  const consumed = new Set(ordered.flatMap((layer) => layer.inputs));
  const ends = ordered.filter((layer) => !consumed.has(layer.name));
  if (ends.length !== 1)
    throw new Error(`Expected one output in ${name}, received ${ends.map((layer) => layer.name).join(', ')}`);
  checkStages(name, ordered, stages);
  return { name, layers: ordered, stages };
}

/** Where batches enter. */
export function inputLayer(network: Network): InputLayer {
  const first = network.layers[0];
  if (first?.kind !== 'input') throw new Error(`${network.name} does not begin with an input layer`);
  return first;
}

/** The layer whose output is the network's. */
export function outputLayer(network: Network): Layer {
  const last = network.layers.at(-1);
  if (!last) throw new Error(`${network.name} has no layers`);
  return last;
}

/** The stage of this name; throws when there is none. */
export function getStage(network: Network, stageName: string): NetworkStage {
  const stage = network.stages.find((candidate) => candidate.name === stageName);
  if (!stage)
    throw new Error(
      `No stage ${stageName} in ${network.name}; it has ${network.stages.map(({ name }) => name).join(', ')}`,
    );
  return stage;
}

/** For each layer the layers that take its output, in topological order. */
export function consumersOf(network: Network): ReadonlyMap<LayerName, readonly Layer[]> {
  const consumers = new Map<LayerName, Layer[]>(network.layers.map((layer) => [layer.name, []]));
  for (const layer of network.layers) {
    for (const input of layer.inputs) consumers.get(input)?.push(layer);
  }
  return consumers;
}

/** Kahn's algorithm, keeping the given order wherever the graph leaves a choice; the output comes last. */
function sortTopologically(layers: readonly Layer[]): Layer[] {
  const names = new Set(layers.map((layer) => layer.name));
  if (names.size !== layers.length) throw new Error('Expected every layer name to be used once');
  for (const layer of layers) {
    const missing = layer.inputs.find((input) => !names.has(input));
    if (missing !== undefined)
      throw new Error(`Layer ${layer.name} takes its input from ${missing}, which is not there`);
  }
  const placed = new Set<LayerName>();
  const ordered: Layer[] = [];
  let waiting = [...layers];
  while (waiting.length > 0) {
    const ready = waiting.filter((layer) => layer.inputs.every((input) => placed.has(input)));
    const next = ready[0];
    if (!next) throw new Error(`The layers ${waiting.map((layer) => layer.name).join(', ')} wait for each other`);
    placed.add(next.name);
    ordered.push(next);
    waiting = waiting.filter((layer) => layer !== next);
  }
  return ordered;
}

function checkStages(name: string, layers: readonly Layer[], stages: readonly NetworkStage[]): void {
  const staged = stages.flatMap((stage) => stage.layers);
  const expected = layers.filter((layer) => layer.kind !== 'input').map((layer) => layer.name);
  const isComplete = staged.length === expected.length && new Set([...staged, ...expected]).size === expected.length;
  if (!isComplete) throw new Error(`Expected every layer of ${name} in exactly one stage`);
}
