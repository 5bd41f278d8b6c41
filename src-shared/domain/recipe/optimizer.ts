import * as v from 'valibot';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(0.99999));
const momentum = v.pipe(v.number(), v.minValue(0), v.maxValue(0.9999));
const epsilon = v.pipe(v.number(), v.minValue(1e-16), v.maxValue(1));

/** PyTorch's optimizers with its names and meanings; betas are written one by one. */
export const optimizerSchema = v.variant('kind', [
  v.pipe(v.strictObject({ kind: v.literal('sgd'), momentum, isNesterov: v.boolean() }), v.readonly()),
  v.pipe(v.strictObject({ kind: v.literal('rmsprop'), alpha: share, epsilon, momentum }), v.readonly()),
  v.pipe(v.strictObject({ kind: v.literal('adam'), beta1: share, beta2: share, epsilon }), v.readonly()),
  v.pipe(v.strictObject({ kind: v.literal('adamw'), beta1: share, beta2: share, epsilon }), v.readonly()),
]);
export type Optimizer = v.InferOutput<typeof optimizerSchema>;
export type OptimizerKind = Optimizer['kind'];

export const optimizerKinds = ['sgd', 'rmsprop', 'adam', 'adamw'] as const satisfies readonly OptimizerKind[];

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Each optimizer with torch.optim's defaults; SGD with the momentum that everybody gives it. */
export const optimizerDefaults = {
  sgd: { kind: 'sgd', momentum: 0.9, isNesterov: false },
  rmsprop: { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8, momentum: 0 },
  adam: { kind: 'adam', ...adam },
  adamw: { kind: 'adamw', ...adam },
} as const satisfies { readonly [Kind in OptimizerKind]: Extract<Optimizer, { kind: Kind }> };
