import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { assertNever } from '../../src-shared/lib/assert-never.ts';
import type { Extent, Layer, LayerName } from './layer.ts';
import { inputLayer, outputLayer, type Network } from './network.ts';

/** JSON as it is written: no undefined, no classes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const extentSchema = v.pipe(v.tuple([v.number(), v.number()]), v.readonly());
const inboundSchema = v.pipe(v.array(v.array(v.looseTuple([v.string(), v.literal(0), v.literal(0)]))), v.maxLength(1));
const layerSchema = v.object({
  class_name: v.string(),
  config: v.looseObject({ name: v.string() }),
  inbound_nodes: inboundSchema,
});
const endSchema = v.array(v.looseTuple([v.string(), v.literal(0), v.literal(0)]));
const topologySchema = v.object({
  model_config: v.object({
    class_name: v.picklist(['Functional', 'Model']),
    config: v.object({
      name: v.string(),
      layers: v.array(layerSchema),
      input_layers: endSchema,
      output_layers: endSchema,
    }),
  }),
});

const slidingSchema = v.object({
  kernel_size: extentSchema,
  strides: extentSchema,
  padding: v.picklist(['same', 'valid']),
  dilation_rate: v.optional(v.tuple([v.literal(1), v.literal(1)])),
  use_bias: v.boolean(),
  activation: v.optional(v.literal('linear')),
  data_format: v.optional(v.literal('channels_last')),
});
const configSchemas = {
  InputLayer: v.object({ batch_input_shape: v.pipe(v.tupleWithRest([v.null()], v.number()), v.minLength(2)) }),
  Conv2D: v.object({ ...slidingSchema.entries, filters: v.number(), groups: v.optional(v.literal(1)) }),
  DepthwiseConv2D: v.object({ ...slidingSchema.entries, depth_multiplier: v.optional(v.literal(1)) }),
  BatchNormalization: v.object({
    epsilon: v.number(),
    momentum: v.number(),
    center: v.literal(true),
    scale: v.literal(true),
  }),
  ReLU: v.object({ max_value: v.optional(v.nullable(v.literal(6))), threshold: v.optional(v.literal(0)) }),
  Dropout: v.object({ rate: v.number() }),
  Dense: v.object({ units: v.number(), use_bias: v.boolean(), activation: v.picklist(['linear', 'softmax']) }),
} as const;

/** The network's name and its layers from a Keras 2 functional topology. Refuses other layers and settings by name. */
export function readTopology(topology: unknown): { readonly name: string; readonly layers: readonly Layer[] } {
  const parsed = v.safeParse(topologySchema, topology);
  if (!parsed.success) throw refuse('the model', parsed.issues);
  const { name, layers } = parsed.output.model_config.config;
  return {
    name,
    layers: layers.map((layer) => {
      const inputs = layer.inbound_nodes.flatMap((node) => node.map(([input]) => input));
      return readLayer(layer.class_name, layer.config, layer.config.name, inputs);
    }),
  };
}

function readLayer(className: string, config: unknown, name: LayerName, inputs: readonly LayerName[]): Layer {
  const read = <Schema extends v.GenericSchema>(schema: Schema): v.InferOutput<Schema> => {
    const parsed = v.safeParse(schema, config);
    if (!parsed.success) throw refuse(`layer ${name} (${className})`, parsed.issues);
    return parsed.output;
  };
  switch (className) {
    case 'InputLayer':
      return {
        kind: 'input',
        name,
        inputs,
        shape: read(configSchemas.InputLayer).batch_input_shape.slice(1).map(Number),
      };
    case 'Conv2D': {
      const { filters, ...sliding } = read(configSchemas.Conv2D);
      return { kind: 'conv', name, inputs, filters, ...readSliding(sliding) };
    }
    case 'DepthwiseConv2D':
      return { kind: 'depthwise-conv', name, inputs, ...readSliding(read(configSchemas.DepthwiseConv2D)) };
    case 'BatchNormalization': {
      const { epsilon, momentum } = read(configSchemas.BatchNormalization);
      return { kind: 'batch-norm', name, inputs, epsilon, momentum };
    }
    case 'ReLU':
      return { kind: 'relu', name, inputs, maxValue: read(configSchemas.ReLU).max_value ?? null };
    case 'Add':
      return { kind: 'add', name, inputs };
    case 'GlobalAveragePooling2D':
      return { kind: 'global-average-pooling', name, inputs };
    case 'Dropout':
      return { kind: 'dropout', name, inputs, rate: read(configSchemas.Dropout).rate };
    case 'Dense': {
      const { units, use_bias, activation } = read(configSchemas.Dense);
      return { kind: 'dense', name, inputs, units, hasBias: use_bias, activation };
    }
    default:
      throw new AppError(
        'unsupported',
        `Layers of the kind ${className} are not supported (${name}). Choose another network.`,
        {
          detail: { layer: name, className },
        },
      );
  }
}

function readSliding(config: v.InferOutput<typeof slidingSchema>): {
  kernelSize: Extent;
  strides: Extent;
  padding: 'same' | 'valid';
  hasBias: boolean;
} {
  return { kernelSize: config.kernel_size, strides: config.strides, padding: config.padding, hasBias: config.use_bias };
}

function refuse(what: string, issues: readonly v.BaseIssue<unknown>[]): AppError {
  const issue = issues[0];
  const place = issue ? (v.getDotPath(issue) ?? what) : what;
  return new AppError(
    'unsupported',
    `Expected ‹${issue?.expected ?? 'a Keras 2 topology'}› for ‹${place}› of ${what}, received ‹${issue?.received ?? ''}›.`,
    {
      detail: { what },
    },
  );
}

/** The Keras 2 functional topology of a network, as `tf.loadLayersModel` reads it. */
export function writeTopology(network: Network): Json {
  return {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: {
      class_name: 'Functional',
      config: {
        name: network.name,
        trainable: true,
        layers: network.layers.map(writeLayer),
        input_layers: [[inputLayer(network).name, 0, 0]],
        output_layers: [[outputLayer(network).name, 0, 0]],
      },
    },
  };
}

function writeLayer(layer: Layer): Json {
  const inbound = layer.inputs.length === 0 ? [] : [layer.inputs.map((input) => [input, 0, 0, {}])];
  const { className, config } = describeLayer(layer);
  const base = { name: layer.name, trainable: true, dtype: 'float32' };
  return { class_name: className, name: layer.name, config: { ...base, ...config }, inbound_nodes: inbound };
}

function describeLayer(layer: Layer): {
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
    case 'add':
      return { className: 'Add', config: {} };
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

function writeSliding(layer: Extract<Layer, { kind: 'conv' | 'depthwise-conv' }>): { readonly [key: string]: Json } {
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
