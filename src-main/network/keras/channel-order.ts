import type { Layer } from '../layer.ts';
import type { WeightedNetwork } from '../layers-model.ts';
import { consumersOf, inputLayer } from '../network.ts';
import { getWeight, type WeightArray } from '../weights.ts';

/** The same network for images of red, green, blue instead of blue, green, red; null where the first layers are not convolutions. */
export function reverseInputChannels({ network, weights }: WeightedNetwork): WeightedNetwork | null {
  const takers = firstTakers();
  if (!takers.every((layer) => layer.kind === 'conv')) return null;
  const changed = new Map(weights);
  for (const { name } of takers) changed.set(`${name}/kernel`, reverseInputs(getWeight(weights, `${name}/kernel`)));
  return { network, weights: changed };

  /** What looks at the channels first; zeros around the image do not. */
  function firstTakers(): readonly Layer[] {
    const consumers = consumersOf(network);
    const open: Layer[] = [inputLayer(network)];
    const found: Layer[] = [];
    for (let layer = open.pop(); layer; layer = open.pop()) {
      for (const next of consumers.get(layer.name) ?? []) (next.kind === 'zero-padding' ? open : found).push(next);
    }
    return found;
  }
}

/** Kernel [height, width, in, out] with its inputs in the opposite order. */
function reverseInputs({ shape, values }: WeightArray): WeightArray {
  const [, , inputs = 1, outputs = 1] = shape;
  const reversed = values.map((_, index) => {
    const output = index % outputs;
    const input = Math.floor(index / outputs) % inputs;
    const pixel = Math.floor(index / outputs / inputs);
    return values[(pixel * inputs + inputs - 1 - input) * outputs + output] ?? 0;
  });
  return { shape, values: reversed };
}
