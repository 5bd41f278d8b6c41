import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { ConvLayer, DepthwiseConvLayer, Layer, PoolingLayer } from '../layer.ts';
import { inputLayer, outputLayer, type Network } from '../network.ts';
import { layerShapes } from '../shapes.ts';

/** JSON as it is written: no undefined, no classes. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The Keras 2 functional topology of a network, as `tf.loadLayersModel` reads it. */
export function writeTopology(network: Network): Json {
  const shapes = layerShapes(network);
  return {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: {
      class_name: 'Functional',
      config: {
        name: network.name,
        trainable: true,
        layers: network.layers.map((layer) => writeLayer(layer, shapes.get(layer.name) ?? [])),
        input_layers: [[inputLayer(network).name, 0, 0]],
        output_layers: [[outputLayer(network).name, 0, 0]],
      },
    },
  };
}

function writeLayer(layer: Layer, shape: readonly number[]): Json {
  const inbound = layer.inputs.length === 0 ? [] : [layer.inputs.map((input) => [input, 0, 0, {}])];
  const { className, config } = describeLayer(layer, shape);
  const base = { name: layer.name, trainable: true, dtype: 'float32' };
  return { class_name: className, name: layer.name, config: { ...base, ...config }, inbound_nodes: inbound };
}

function describeLayer(
  layer: Layer,
  shape: readonly number[],
): {
  readonly className: string;
  readonly config: { readonly [key: string]: Json };
} {
  switch (layer.kind) {
    case 'input':
      return {
        className: 'InputLayer',
        config: { batch_input_shape: [null, ...layer.shape], sparse: false, ragged: false },
      };
    case 'conv':
      return { className: 'Conv2D', config: { filters: layer.filters, ...writeSliding(layer) } };
    case 'depthwise-conv':
      return { className: 'DepthwiseConv2D', config: { depth_multiplier: 1, ...writeSliding(layer) } };
    case 'batch-norm':
      return {
        className: 'BatchNormalization',
        config: { axis: [3], momentum: layer.momentum, epsilon: layer.epsilon, center: true, scale: true },
      };
    case 'relu':
      return { className: 'ReLU', config: { max_value: layer.maxValue, negative_slope: 0, threshold: 0 } };
    case 'activation':
      return { className: 'Activation', config: { activation: layer.function } };
    case 'add':
      return { className: 'Add', config: {} };
    case 'multiply':
      return { className: 'Multiply', config: {} };
    case 'concatenate':
      return { className: 'Concatenate', config: { axis: -1 } };
    case 'max-pooling':
      return { className: 'MaxPooling2D', config: writePooling(layer) };
    case 'average-pooling':
      return { className: 'AveragePooling2D', config: writePooling(layer) };
    case 'zero-padding':
      return { className: 'ZeroPadding2D', config: { padding: layer.margins, data_format: 'channels_last' } };
    case 'reshape':
      return { className: 'Reshape', config: { target_shape: shape } };
    case 'rescaling':
      return { className: 'Rescaling', config: { scale: layer.scale, offset: layer.offset } };
    case 'global-average-pooling':
      return { className: 'GlobalAveragePooling2D', config: { data_format: 'channels_last' } };
    case 'dropout':
      return { className: 'Dropout', config: { rate: layer.rate } };
    case 'dense':
      return {
        className: 'Dense',
        config: { units: layer.units, activation: layer.activation, use_bias: layer.hasBias },
      };
    default:
      return assertNever(layer, 'layer');
  }
}

function writePooling({ kernelSize, strides, padding }: PoolingLayer): { readonly [key: string]: Json } {
  return { pool_size: kernelSize, strides, padding, data_format: 'channels_last' };
}

function writeSliding(layer: ConvLayer | DepthwiseConvLayer): { readonly [key: string]: Json } {
  return {
    kernel_size: layer.kernelSize,
    strides: layer.strides,
    padding: layer.padding,
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    activation: 'linear',
    use_bias: layer.hasBias,
  };
}
