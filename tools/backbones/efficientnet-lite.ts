import * as v from 'valibot';
import type { Layer, LayerName } from '../../src-main/network/layer.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { createNetwork, type NetworkStage } from '../../src-main/network/network.ts';
import { getWeight, type NetworkWeights, type WeightArray } from '../../src-main/network/weights.ts';

/** The record that lies beside the PyTorch weights: the architecture, and what PyTorch computes for two photos. */
export const sourceRecordSchema = v.object({
  name: v.picklist(['efficientnet-lite0', 'efficientnet-lite1', 'efficientnet-lite2']),
  inputSize: v.number(),
  batchNormEpsilon: v.number(),
  stem: v.object({ out: v.number(), kernel: v.number(), stride: v.number() }),
  blocks: v.array(
    v.object({
      kernel: v.number(),
      stride: v.number(),
      in: v.number(),
      out: v.number(),
      expand: v.number(),
      residual: v.boolean(),
    }),
  ),
  head: v.object({ out: v.number(), kernel: v.number() }),
  licence: v.literal('Apache-2.0'),
  origin: v.string(),
  sha256: v.string(),
  goldens: v.array(v.object({ image: v.string(), features: v.array(v.number()) })),
});
export type SourceRecord = v.InferOutput<typeof sourceRecordSchema>;

/** Keras's momentum of the original TensorFlow networks. */
const batchNormMomentum = 0.99;

/** Builds the feature extractor in TensorFlow's layouts from PyTorch's arrays; the ImageNet classifier is left out. */
export function buildEfficientNetLite(record: SourceRecord, source: NetworkWeights): WeightedNetwork {
  const builder = createBuilder(record, source);
  const stages: NetworkStage[] = [];
  let end = builder.conv('stem', '_conv_stem', '_bn0', 'image', { ...record.stem, hasActivation: true });
  stages.push({ name: 'stem', layers: builder.takeNames() });
  for (const [groupIndex, group] of groupBlocks(record.blocks).entries()) {
    for (const [position, block] of group.blocks.entries()) {
      const name = `block${groupIndex + 1}${'abcdefgh'[position] ?? ''}`;
      end = builder.block(name, `_blocks.${group.firstIndex + position}`, end, block);
    }
    stages.push({ name: `block${groupIndex + 1}`, layers: builder.takeNames() });
  }
  builder.conv('head', '_conv_head', '_bn1', end, { ...record.head, stride: 1, hasActivation: true });
  stages.push({ name: 'head-conv', layers: builder.takeNames() });
  return { network: createNetwork(record.name, builder.layers, stages), weights: builder.weights };
}

type Block = SourceRecord['blocks'][number];

/** Blocks of one resolution and width; the first of a group changes them and so has no residual connection. */
function groupBlocks(blocks: readonly Block[]): readonly { firstIndex: number; blocks: Block[] }[] {
  const groups: { firstIndex: number; blocks: Block[] }[] = [];
  for (const [index, block] of blocks.entries()) {
    const current = groups.at(-1);
    if (current && block.residual) current.blocks.push(block);
    else groups.push({ firstIndex: index, blocks: [block] });
  }
  return groups;
}

interface ConvSettings {
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly hasActivation: boolean;
}

function createBuilder(record: SourceRecord, source: NetworkWeights) {
  const layers: Layer[] = [
    { kind: 'input', name: 'image', inputs: [], shape: [record.inputSize, record.inputSize, 3] },
  ];
  const weights = new Map<string, WeightArray>();
  let names: LayerName[] = [];

  function add(layer: Layer): LayerName {
    layers.push(layer);
    names.push(layer.name);
    return layer.name;
  }

  /** Batch norm and, unless the block is a linear bottleneck's end, the cut-off ReLU after a convolution. */
  function finish(prefix: string, sourceName: string, input: LayerName, hasActivation: boolean): LayerName {
    const roles = { gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_variance: 'running_var' };
    for (const [role, suffix] of Object.entries(roles)) {
      weights.set(`${prefix}_bn/${role}`, getWeight(source, `${sourceName}.${suffix}`));
    }
    const settings = { epsilon: record.batchNormEpsilon, momentum: batchNormMomentum };
    const end = add({ kind: 'batch-norm', name: `${prefix}_bn`, inputs: [input], ...settings });
    return hasActivation ? add({ kind: 'relu', name: `${prefix}_relu6`, inputs: [end], maxValue: 6 }) : end;
  }

  function conv(
    prefix: string,
    kernel: string,
    batchNorm: string,
    input: LayerName,
    settings: ConvSettings,
  ): LayerName {
    const { out, kernel: size, stride, hasActivation } = settings;
    weights.set(`${prefix}_conv/kernel`, transpose(getWeight(source, `${kernel}.weight`), [2, 3, 1, 0]));
    const shape = { kernelSize: [size, size], strides: [stride, stride], padding: 'same', hasBias: false } as const;
    const name = add({ kind: 'conv', name: `${prefix}_conv`, inputs: [input], filters: out, ...shape });
    return finish(prefix, batchNorm, name, hasActivation);
  }

  function depthwise(prefix: string, sourceName: string, input: LayerName, block: Block): LayerName {
    weights.set(
      `${prefix}_conv/depthwise_kernel`,
      transpose(getWeight(source, `${sourceName}._depthwise_conv.weight`), [2, 3, 0, 1]),
    );
    const [size, stride] = [block.kernel, block.stride];
    const shape = { kernelSize: [size, size], strides: [stride, stride], padding: 'same', hasBias: false } as const;
    const name = add({ kind: 'depthwise-conv', name: `${prefix}_conv`, inputs: [input], ...shape });
    return finish(prefix, `${sourceName}._bn1`, name, true);
  }

  /** An inverted residual block: expand, filter each channel, project without activation, add the input where shapes allow. */
  function block(name: string, sourceName: string, input: LayerName, settings: Block): LayerName {
    const wide = { out: settings.in * settings.expand, kernel: 1, stride: 1, hasActivation: true };
    const narrow = { out: settings.out, kernel: 1, stride: 1, hasActivation: false };
    const expanded =
      settings.expand === 1
        ? input
        : conv(`${name}_expand`, `${sourceName}._expand_conv`, `${sourceName}._bn0`, input, wide);
    const filtered = depthwise(`${name}_depthwise`, sourceName, expanded, settings);
    const projected = conv(`${name}_project`, `${sourceName}._project_conv`, `${sourceName}._bn2`, filtered, narrow);
    return settings.residual ? add({ kind: 'add', name: `${name}_add`, inputs: [projected, input] }) : projected;
  }

  function takeNames(): readonly LayerName[] {
    const taken = names;
    names = [];
    return taken;
  }

  return { layers, weights, conv, block, takeNames };
}

/** Reorders the four axes of an array: axis i of the result is axis `order[i]` of the source. */
function transpose(source: WeightArray, order: readonly [number, number, number, number]): WeightArray {
  const extent = (axis: number): number => source.shape[axis] ?? 1;
  const strides = [0, 1, 2, 3].map((axis) => source.shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [a, b, c, d] = order;
  const values = new Float32Array(source.values.length);
  let position = 0;
  for (let i = 0; i < extent(a); i += 1) {
    for (let j = 0; j < extent(b); j += 1) {
      for (let k = 0; k < extent(c); k += 1) {
        for (let l = 0; l < extent(d); l += 1) {
          const from = i * (strides[a] ?? 0) + j * (strides[b] ?? 0) + k * (strides[c] ?? 0) + l * (strides[d] ?? 0);
          values[position] = source.values[from] ?? 0;
          position += 1;
        }
      }
    }
  }
  return { shape: order.map(extent), values };
}
