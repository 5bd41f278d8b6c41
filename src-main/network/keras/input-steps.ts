import type { Rgb } from '../../../src-shared/domain/backbone.ts';
import type { LayerName } from '../layer.ts';
import type { NetworkWeights } from '../weights.ts';
import type { KerasLayer } from './keras-topology.ts';
import { layerSettings, readSettings } from './layer-settings.ts';

/** What a model does to each channel before its first real layer: x · scale + offset. */
export interface ChannelMap {
  readonly scale: Rgb;
  readonly offset: Rgb;
}

/**
 * Takes the rescaling and normalisation at the beginning out of a model, because preprocessing is the backbone's record and not its network.
 *
 * What follows them then takes the input itself.
 */
export function takeInputSteps(
  layers: readonly KerasLayer[],
  weights: NetworkWeights,
): { readonly layers: readonly KerasLayer[]; readonly inputMap: ChannelMap } {
  const input = layers.find(({ inputs }) => inputs.length === 0)?.name ?? '';
  let inputMap: ChannelMap = { scale: [1, 1, 1], offset: [0, 0, 0] };
  const taken = new Set<LayerName>([input]);
  for (let end = input; ;) {
    const takers = layers.filter(({ inputs }) => inputs.includes(end));
    const [next] = takers;
    const step = takers.length === 1 && next ? readStep(next, weights) : undefined;
    if (!next || !step) break;
    inputMap = compose(inputMap, step);
    taken.add(next.name);
    end = next.name;
  }
  const rest = layers
    .filter(({ name }) => name === input || !taken.has(name))
    .map((layer) => ({ ...layer, inputs: layer.inputs.map((name) => (taken.has(name) ? input : name)) }));
  return { layers: rest, inputMap };
}

function readStep(layer: KerasLayer, weights: NetworkWeights): ChannelMap | undefined {
  if (layer.className === 'Rescaling') {
    const { scale, offset } = readSettings(layer, layerSettings.InputRescaling);
    return { scale: eachChannel(scale), offset: eachChannel(offset) };
  }
  if (layer.className !== 'Normalization') return undefined;
  const settings = readSettings(layer, layerSettings.Normalization);
  const stored = (role: string): readonly number[] | undefined => {
    const values = weights.get(`${layer.name}/${role}`)?.values;
    return values && Array.from(values);
  };
  const mean = eachChannel(settings.mean ?? stored('mean') ?? 0);
  const variance = eachChannel(settings.variance ?? stored('variance') ?? 1);
  // Keras divides by no less than its epsilon.
  const scale = mapChannels(variance, (value) => 1 / Math.max(Math.sqrt(value), 1e-7));
  return { scale, offset: mapChannels(mean, (value, channel) => -value * scale[channel]) };
}

function compose(first: ChannelMap, second: ChannelMap): ChannelMap {
  return {
    scale: mapChannels(first.scale, (value, channel) => value * second.scale[channel]),
    offset: mapChannels(first.offset, (value, channel) => value * second.scale[channel] + second.offset[channel]),
  };
}

function eachChannel(value: number | readonly number[]): Rgb {
  if (typeof value === 'number') return [value, value, value];
  const [red = 0, green = red, blue = red] = value;
  return [red, green, blue];
}

function mapChannels(values: Rgb, change: (value: number, channel: 0 | 1 | 2) => number): Rgb {
  return [change(values[0], 0), change(values[1], 1), change(values[2], 2)];
}
