import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Extent, Layer, LayerName, Padding } from '../layer.ts';
import type { WeightName } from '../weights.ts';
import type { KerasLayer } from './keras-topology.ts';
import { layerSettings, readSettings, type KerasActivation } from './layer-settings.ts';
import { lowerActivation } from './lower-activation.ts';

/** A Keras layer in layers of ours. */
interface LoweredLayer {
  /** May be empty: then what came in goes on. The last one's output is the Keras layer's. */
  readonly layers: readonly Layer[];
  /** Weights that the Keras layer does without, with the number that says the same. */
  readonly constants: readonly (readonly [WeightName, number])[];
}

/** One Keras layer whose inputs are already named as ours. AppError unsupported names it when it cannot be. */
export function lowerLayer(layer: KerasLayer, isKeras3: boolean): LoweredLayer {
  const { name, inputs } = layer;
  const [input = ''] = inputs;
  const plain = (...layers: readonly Layer[]): LoweredLayer => ({ layers, constants: [] });
  const activated = (base: readonly Layer[], activation: KerasActivation): LoweredLayer => {
    const before = base.at(-1)?.name ?? input;
    const named = base.length === 0 ? name : `${name}_${activation}`;
    const after = lowerActivation({ name: named, input: before, function: activation, isKeras3 });
    if (!after) throw refuseLayer({ ...layer, className: `${layer.className} (${activation})` });
    return plain(...base, ...after);
  };
  switch (layer.className) {
    case 'InputLayer':
      return plain({ kind: 'input', name, inputs, shape: readInputShape(layer) });
    case 'Conv2D': {
      const settings = readSettings(layer, layerSettings.Conv2D);
      return activated(
        [{ kind: 'conv', name, inputs, filters: settings.filters, ...readSliding(settings) }],
        settings.activation,
      );
    }
    case 'DepthwiseConv2D': {
      const settings = readSettings(layer, layerSettings.DepthwiseConv2D);
      return activated([{ kind: 'depthwise-conv', name, inputs, ...readSliding(settings) }], settings.activation);
    }
    case 'SeparableConv2D':
      return activated(separate(layer), readSettings(layer, layerSettings.SeparableConv2D).activation);
    case 'BatchNormalization':
      return lowerBatchNorm(layer);
    case 'ReLU':
      return plain({ kind: 'relu', name, inputs, maxValue: readSettings(layer, layerSettings.ReLU).max_value });
    case 'Activation':
      return activated([], readSettings(layer, layerSettings.Activation).activation);
    case 'Add':
    case 'Multiply':
      return plain(...combine(layer, layer.className === 'Add' ? 'add' : 'multiply'));
    case 'TFOpLambda':
      return plain(...lowerOperation(layer));
    case 'Concatenate':
      readSettings(layer, layerSettings.Concatenate);
      return plain({ kind: 'concatenate', name, inputs });
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const { pool_size: kernelSize, strides, padding } = readSettings(layer, layerSettings.Pooling2D);
      const kind = layer.className === 'MaxPooling2D' ? 'max-pooling' : 'average-pooling';
      return plain({ kind, name, inputs, kernelSize, strides, padding });
    }
    case 'ZeroPadding2D':
      return plain({
        kind: 'zero-padding',
        name,
        inputs,
        margins: readSettings(layer, layerSettings.ZeroPadding2D).padding,
      });
    case 'GlobalAveragePooling2D': {
      const pool: Layer = { kind: 'global-average-pooling', name, inputs };
      const keeps = readSettings(layer, layerSettings.GlobalAveragePooling2D).keepdims;
      return keeps ? plain(pool, { kind: 'reshape', name: `${name}_pixel`, inputs: [name], to: 'pixel' }) : plain(pool);
    }
    case 'Reshape': {
      const { target_shape: shape } = readSettings(layer, layerSettings.Reshape);
      return plain({ kind: 'reshape', name, inputs, to: shape.length === 1 ? 'vector' : 'pixel' });
    }
    case 'Flatten':
      return plain({ kind: 'reshape', name, inputs, to: 'vector' });
    case 'Rescaling':
      return plain({ kind: 'rescaling', name, inputs, ...readSettings(layer, layerSettings.Rescaling) });
    case 'Dropout':
      return plain({ kind: 'dropout', name, inputs, rate: readSettings(layer, layerSettings.Dropout).rate });
    case 'Dense': {
      const { units, use_bias: hasBias, activation } = readSettings(layer, layerSettings.Dense);
      const dense = { kind: 'dense', name, inputs, units, hasBias } as const;
      return activation === 'softmax'
        ? plain({ ...dense, activation })
        : activated([{ ...dense, activation: 'linear' }], activation);
    }
    default:
      throw refuseLayer(layer);
  }
}

const separatedSuffix = '_depthwise';

/** The Keras layer that a layer of ours may stand for in part: the first of the two of a SeparableConv2D. */
export function kerasLayerOf(name: LayerName): LayerName {
  return name.endsWith(separatedSuffix) ? name.slice(0, -separatedSuffix.length) : name;
}

function refuseLayer({ name, className }: KerasLayer): AppError {
  return new AppError('unsupported', say('kerasLayerRefused', { layer: name, className }), {
    detail: { layer: name, className },
  });
}

function readInputShape(layer: KerasLayer): readonly number[] {
  const { batch_input_shape: shape } = readSettings(layer, layerSettings.InputLayer);
  // An extent that the model leaves open is 0 until the person names it.
  return shape.slice(1).map((extent) => extent ?? 0);
}

interface SlidingSettings {
  readonly kernel_size: Extent;
  readonly strides: Extent;
  readonly padding: Padding;
  readonly use_bias: boolean;
}

function readSliding(settings: SlidingSettings) {
  const { kernel_size: kernelSize, strides, padding, use_bias: hasBias } = settings;
  return { kernelSize, strides, padding, hasBias };
}

function separate(layer: KerasLayer): readonly Layer[] {
  const settings = readSettings(layer, layerSettings.SeparableConv2D);
  const first = `${layer.name}${separatedSuffix}`;
  return [
    { kind: 'depthwise-conv', name: first, inputs: layer.inputs, ...readSliding(settings), hasBias: false },
    {
      ...{ kind: 'conv', name: layer.name, inputs: [first], filters: settings.filters, hasBias: settings.use_bias },
      ...{ kernelSize: [1, 1], strides: [1, 1], padding: 'valid' },
    },
  ];
}

function lowerBatchNorm(layer: KerasLayer): LoweredLayer {
  const { epsilon, momentum, scale, center } = readSettings(layer, layerSettings.BatchNormalization);
  return {
    layers: [{ kind: 'batch-norm', name: layer.name, inputs: layer.inputs, epsilon, momentum }],
    constants: [
      ...(scale ? [] : [[`${layer.name}/gamma`, 1] as const]),
      ...(center ? [] : [[`${layer.name}/beta`, 0] as const]),
    ],
  };
}

/** A sum or product of two or more inputs, or of one input and one number. */
function combine(layer: KerasLayer, kind: 'add' | 'multiply'): readonly Layer[] {
  const { name, inputs, numbers } = layer;
  const [number] = numbers;
  if (inputs.length === 1 && number !== undefined && numbers.length === 1) {
    const change = kind === 'add' ? { scale: 1, offset: number } : { scale: number, offset: 0 };
    return [{ kind: 'rescaling', name, inputs, ...change }];
  }
  if (inputs.length < 2) throw refuseLayer(layer);
  return inputs.slice(1).map((input, index, others) => {
    const before = index === 0 ? (inputs[0] ?? '') : `${name}_${index}`;
    return { kind, name: index === others.length - 1 ? name : `${name}_${index + 1}`, inputs: [before, input] };
  });
}

/** Keras 2 writes `x + 3.0` as a layer that calls a function of TensorFlow. */
function lowerOperation(layer: KerasLayer): readonly Layer[] {
  const { function: called } = readSettings(layer, layerSettings.TFOpLambda);
  const operation = called.split('.').at(-1);
  if (operation === 'add' || operation === '__add__') return combine(layer, 'add');
  if (operation === 'multiply' || operation === '__mul__') return combine(layer, 'multiply');
  throw refuseLayer({ ...layer, className: `TFOpLambda (${called})` });
}
