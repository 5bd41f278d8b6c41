import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reverseInputChannels } from '../../../src-main/network/keras/channel-order.ts';
import { readForeignBackbone } from '../../../src-main/network/keras/read-backbone.ts';
import { weightFilesOf, type LayersModel, type WeightedNetwork } from '../../../src-main/network/layers-model.ts';
import { outputLayer } from '../../../src-main/network/network.ts';
import { layersBetween, stageOutput } from '../../../src-main/network/split.ts';
import { layerShapes } from '../../../src-main/network/shapes.ts';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { kerasModels } from '../../support/keras-models.ts';
import { referenceForward } from '../../support/reference-forward.ts';

const models = new Map<string, LayersModel>();
const model = (name: string): LayersModel => {
  const found = models.get(name);
  if (!found) throw new Error(`No model ${name}`);
  return found;
};

beforeAll(async () => {
  for (const name of ['residual', 'dense', 'gated', 'mobilenet-v3-small-0.25']) {
    const read = (file: string): Promise<Buffer> => readFile(path.join(kerasModels, name, file));
    models.set(name, { modelJson: (await read('model.json')).toString(), weightsBin: await read('weights.bin') });
  }
});

/** A model of one convolution as Keras 2 writes it, with more layers after that. */
function keras2Model(...after: readonly object[]): LayersModel {
  const layer = (className: string, name: string, config: object, inputs: readonly unknown[]) => {
    return { class_name: className, name, config: { name, ...config }, inbound_nodes: inputs };
  };
  const conv = { filters: 2, kernel_size: [1, 1], strides: [1, 1], padding: 'same', use_bias: false };
  const layers = [
    layer('InputLayer', 'in', { batch_input_shape: [null, null, null, 3] }, []),
    layer('Conv2D', 'conv', { ...conv, activation: 'hard_sigmoid' }, [[['in', 0, 0, {}]]]),
    ...after,
  ];
  const last = layers.at(-1) as { name: string };
  const config = { name: 'two', layers, input_layers: [['in', 0, 0]], output_layers: [[last.name, 0, 0]] };
  return {
    modelJson: JSON.stringify({
      format: 'layers-model',
      modelTopology: { keras_version: '2.15.0', model_config: { class_name: 'Functional', config } },
      weightsManifest: [
        {
          paths: ['group1-shard1of1.bin'],
          weights: [
            {
              ...{ name: 'conv/kernel', shape: [1, 1, 3, 2], dtype: 'float32' },
              quantization: { dtype: 'uint8', min: -1, scale: 0.5 },
            },
          ],
        },
      ],
    }),
    weightsBin: Uint8Array.of(0, 1, 2, 3, 4, 5),
  };
}

function outputOf({ network, weights }: WeightedNetwork, image: readonly number[]): readonly number[] {
  return referenceForward({ network, weights }, image).get(outputLayer(network).name) ?? [];
}

function refusal(files: LayersModel, choice = {}): AppError {
  try {
    readForeignBackbone(files, { inputSize: 1, ...choice });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Expected an AppError');
}

describe('the backbone in a model of somebody else', () => {
  it.each([
    ['residual', 'block1_relu'],
    ['dense', 'transition1_pool'],
    ['gated', 'add'],
    ['mobilenet-v3-small-0.25', 'activation_17'],
  ])('ends before the head of %s, and not at a gate', (name, end) => {
    expect(outputLayer(readForeignBackbone(model(name), {}).model.network).name).toBe(end);
  });

  it('ends where the person says', () => {
    const { network } = readForeignBackbone(model('residual'), { endLayer: 'block0_relu' }).model;
    expect(outputLayer(network).name).toBe('block0_relu');
    expect(refusal(model('residual'), { endLayer: 'gone' })).toMatchObject({ code: 'bad-input' });
  });

  it.each(['residual', 'dense', 'gated', 'mobilenet-v3-small-0.25'])(
    'has stages in %s that shrink the image, and can be cut between them',
    (name) => {
      const { network } = readForeignBackbone(model(name), {}).model;
      const shapes = layerShapes(network);
      const ends = network.stages.map((stage) => stageOutput(network, stage.name));
      const sizes = ends.map((end) => shapes.get(end)?.[0] ?? 0);
      expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => b - a));
      expect(sizes.length).toBeGreaterThan(1);
      for (const end of ends.slice(0, -1)) {
        expect(layersBetween(network, end, outputLayer(network).name).length).toBeGreaterThan(0);
      }
    },
  );

  it('leaves the model’s own preprocessing to the record', () => {
    const { inputMap, model: own } = readForeignBackbone(model('mobilenet-v3-small-0.25'), {});
    expect(inputMap.scale.map((value) => value * 255)).toEqual([2, 2, 2]);
    expect(inputMap.offset).toEqual([-1, -1, -1]);
    expect(own.network.layers.map(({ name }) => name)).not.toContain('rescaling');
  });

  it('gives a norm without gamma ones', () => {
    const { weights } = readForeignBackbone(model('residual'), {}).model;
    expect([...(weights.get('block0_bn/gamma')?.values ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe('models of Keras 2', () => {
  const image = [1, -2, 3];
  // The kernel is [[-1, -0.5], [0, 0.5], [1, 1.5]] and the hard sigmoid that of Keras 2.
  const sums = [-1 + 3, -0.5 - 1 + 4.5];
  const hardSigmoid = (x: number): number => Math.min(Math.max(0.2 * x + 0.5, 0), 1);

  it('are read with quantised weights, open sizes and the hard sigmoid of that time', () => {
    const { model: own } = readForeignBackbone(keras2Model(), { inputSize: 1 });
    outputOf(own, image).forEach((value, index) => expect(value).toBeCloseTo(hardSigmoid(sums[index] ?? NaN), 6));
  });

  it('are read with arithmetic on numbers', () => {
    const config = { name: 'plus', function: '__operators__.add' };
    const plus = {
      class_name: 'TFOpLambda',
      name: 'plus',
      config,
      inbound_nodes: [['conv', 0, 0, { y: 3, name: null }]],
    };
    const { model: own } = readForeignBackbone(keras2Model(plus), { inputSize: 1 });
    outputOf(own, image).forEach((value, index) => expect(value).toBeCloseTo(hardSigmoid(sums[index] ?? NaN) + 3, 6));
  });

  it('are refused by the name of the layer and its setting, or with what is missing', () => {
    const after = (className: string, config: object) => {
      const name = 'last';
      return { class_name: className, name, config: { name, ...config }, inbound_nodes: [[['conv', 0, 0, {}]]] };
    };
    const unknown = refusal(keras2Model(after('Lambda', {})));
    expect(unknown.code).toBe('unsupported');
    expect(unknown.message).toMatch(/“last” is of the kind Lambda/);
    const pool = { pool_size: [2, 2], strides: [2, 2], padding: 'valid', data_format: 'channels_first' };
    expect(refusal(keras2Model(after('MaxPooling2D', pool))).message).toMatch(
      /“last” \(MaxPooling2D\).*"channels_last" for data_format, received "channels_first"/,
    );
    expect(refusal(keras2Model(), { inputSize: undefined })).toMatchObject({ code: 'bad-input' });
    const { modelJson, weightsBin } = keras2Model();
    const renamed = { modelJson: modelJson.replace('conv/kernel', 'other/kernel'), weightsBin };
    expect(refusal(renamed).code).toBe('damaged-file');
    expect(refusal(renamed).message).toContain('conv/kernel');
    expect(weightFilesOf(modelJson)).toEqual(['group1-shard1of1.bin']);
  });
});

describe('a model for blue, green, red', () => {
  it('computes for red, green, blue what it did for the opposite order', () => {
    const { model: own } = readForeignBackbone(keras2Model(), { inputSize: 1 });
    const turned = reverseInputChannels(own);
    if (!turned) throw new Error('Expected a network');
    expect(outputOf(turned, [3, -2, 1])).toEqual(outputOf(own, [1, -2, 3]));
  });
});
