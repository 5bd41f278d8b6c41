import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { LayerName } from '../layer.ts';

/** One layer as Keras describes it, with its settings still unread. */
export interface KerasLayer {
  readonly className: string;
  readonly name: LayerName;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly LayerName[];
  /** Numbers that come in beside the tensors: Keras writes `x + 3.0` as a layer of its own. */
  readonly numbers: readonly number[];
}

/** A functional model of Keras 2 or 3 with one input and one output. */
export interface KerasTopology {
  readonly name: string;
  /** Keras 3 means another hard sigmoid than Keras 2. */
  readonly isKeras3: boolean;
  readonly layers: readonly KerasLayer[];
  readonly output: LayerName;
}

const layerSchema = v.object({
  class_name: v.string(),
  name: v.optional(v.string()),
  config: v.looseObject({ name: v.optional(v.string()) }),
  inbound_nodes: v.optional(v.array(v.unknown()), []),
});
const modelSchema = v.object({
  class_name: v.picklist(['Functional', 'Model']),
  config: v.object({
    name: v.string(),
    layers: v.pipe(v.array(layerSchema), v.minLength(1)),
    output_layers: v.array(v.unknown()),
  }),
});
const topologySchema = v.union([
  v.object({ keras_version: v.optional(v.string()), model_config: modelSchema }),
  v.pipe(
    modelSchema,
    v.transform((model) => ({ keras_version: undefined, model_config: model })),
  ),
]);
/** Keras 2: ["name", node, tensor, arguments]. */
const tensorTupleSchema = v.looseTuple([v.string(), v.number(), v.number()]);
/** Keras 3. */
const tensorObjectSchema = v.object({
  class_name: v.literal('__keras_tensor__'),
  config: v.object({ keras_history: tensorTupleSchema }),
});

/** Reads the `modelTopology` of a TF.js Layers model, or what Keras's `model.to_json()` writes. */
export function readKerasTopology(topology: unknown): KerasTopology {
  const parsed = v.safeParse(topologySchema, topology);
  if (!parsed.success) throw new AppError('unsupported', say('kerasModelNotFunctional'));
  const { keras_version: version, model_config: model } = parsed.output;
  const { name, layers, output_layers: outputs } = model.config;
  const nodes = layers.map((layer) => layer.inbound_nodes);
  const isKeras3 = version?.startsWith('3') ?? nodes.flat().some((node) => !Array.isArray(node));
  const ends = findTensors(outputs);
  const [end] = ends.inputs;
  if (end === undefined || ends.inputs.length > 1) throw new AppError('unsupported', say('kerasModelNotFunctional'));
  return { name, isKeras3, layers: layers.map(readLayer), output: end };
}

function readLayer(layer: v.InferOutput<typeof layerSchema>): KerasLayer {
  const name = layer.config.name ?? layer.name ?? '';
  if (layer.inbound_nodes.length > 1) throw new AppError('unsupported', say('kerasLayerShared', { layer: name }));
  return { className: layer.class_name, name, config: layer.config, ...findTensors(layer.inbound_nodes) };
}

/** The tensors and the numbers in the arguments of a layer, in order. */
function findTensors(value: unknown): Pick<KerasLayer, 'inputs' | 'numbers'> {
  const inputs: LayerName[] = [];
  const numbers: number[] = [];
  visit(value);
  return { inputs, numbers };

  function visit(item: unknown): void {
    if (typeof item === 'number') numbers.push(item);
    const tuple = v.safeParse(tensorTupleSchema, item);
    const tensor = v.safeParse(tensorObjectSchema, item);
    if (tuple.success) {
      inputs.push(tuple.output[0]);
      // What follows are arguments beside the tensor, as in [["relu", 0, 0, { "y": 3 }]].
      for (const more of tuple.output.slice(3)) visit(more);
    } else if (tensor.success) {
      inputs.push(tensor.output.config.keras_history[0]);
    } else if (typeof item === 'object' && item !== null) {
      for (const inner of Object.values(item)) visit(inner);
    }
  }
}
