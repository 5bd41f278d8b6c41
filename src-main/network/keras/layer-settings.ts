import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { KerasLayer } from './keras-topology.ts';

/** The functions of `Activation` layers and `activation` settings that Graft knows. */
const activationSchema = v.picklist([
  'linear',
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'swish',
  'silu',
  'hard_sigmoid',
  'hardSigmoid',
  'hard_swish',
  'hard_silu',
  'softmax',
]);
export type KerasActivation = v.InferOutput<typeof activationSchema>;

const optionalActivation = v.optional(activationSchema, 'linear');
const extent = v.pipe(v.strictTuple([v.number(), v.number()]), v.readonly());
const channelsLast = v.optional(v.literal('channels_last'));
const lastAxis = v.union([v.literal(-1), v.literal(3), v.strictTuple([v.picklist([-1, 3, 1])])]);
const window = { strides: extent, padding: v.picklist(['same', 'valid']), data_format: channelsLast };
const sliding = {
  ...window,
  kernel_size: extent,
  dilation_rate: v.optional(v.strictTuple([v.literal(1), v.literal(1)])),
  use_bias: v.boolean(),
  activation: optionalActivation,
};
const oneFilterEach = { depth_multiplier: v.optional(v.literal(1)) };
const numberOrList = v.union([v.number(), v.array(v.number())]);
const side = v.pipe(v.strictTuple([v.number(), v.number()]), v.readonly());

/** The settings of each layer class: what is read, and which values of the others are supported. */
export const layerSettings = {
  InputLayer: v.union([
    v.object({ batch_input_shape: v.tupleWithRest([v.null()], v.nullable(v.number())) }),
    v.pipe(
      v.object({ batch_shape: v.tupleWithRest([v.null()], v.nullable(v.number())) }),
      v.transform(({ batch_shape }) => ({ batch_input_shape: batch_shape })),
    ),
  ]),
  Conv2D: v.object({ ...sliding, filters: v.number(), groups: v.optional(v.literal(1)) }),
  DepthwiseConv2D: v.object({ ...sliding, ...oneFilterEach }),
  SeparableConv2D: v.object({ ...sliding, ...oneFilterEach, filters: v.number() }),
  BatchNormalization: v.object({
    axis: v.optional(lastAxis),
    epsilon: v.number(),
    momentum: v.number(),
    center: v.boolean(),
    scale: v.boolean(),
  }),
  ReLU: v.object({
    max_value: v.optional(v.nullable(v.literal(6)), null),
    threshold: v.optional(v.literal(0)),
    negative_slope: v.optional(v.literal(0)),
  }),
  Activation: v.object({ activation: activationSchema }),
  Concatenate: v.object({ axis: v.picklist([-1, 3]) }),
  Pooling2D: v.object({ ...window, pool_size: extent }),
  ZeroPadding2D: v.object({ padding: v.pipe(v.strictTuple([side, side]), v.readonly()), data_format: channelsLast }),
  GlobalAveragePooling2D: v.object({ keepdims: v.optional(v.boolean(), false), data_format: channelsLast }),
  Reshape: v.object({
    target_shape: v.union([v.strictTuple([v.number()]), v.strictTuple([v.literal(1), v.literal(1), v.number()])]),
  }),
  Rescaling: v.object({ scale: v.number(), offset: v.optional(v.number(), 0) }),
  InputRescaling: v.object({ scale: numberOrList, offset: v.optional(numberOrList, 0) }),
  Normalization: v.object({
    axis: v.optional(lastAxis),
    invert: v.optional(v.literal(false)),
    mean: v.optional(v.nullable(numberOrList), null),
    variance: v.optional(v.nullable(numberOrList), null),
  }),
  Dropout: v.object({ rate: v.number() }),
  Dense: v.object({ units: v.number(), use_bias: v.boolean(), activation: optionalActivation }),
  TFOpLambda: v.object({ function: v.string() }),
} as const;

/** The settings of a layer; AppError unsupported names the layer, the setting and its value. */
export function readSettings<Schema extends v.GenericSchema>(layer: KerasLayer, schema: Schema): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, layer.config);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AppError(
    'unsupported',
    say('kerasSettingRefused', {
      layer: layer.name,
      className: layer.className,
      setting: v.getDotPath(issue) ?? 'config',
      expected: issue.expected ?? '',
      received: issue.received,
    }),
    { detail: { layer: layer.name, className: layer.className } },
  );
}
