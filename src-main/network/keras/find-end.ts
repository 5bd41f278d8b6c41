import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { LayerName } from '../layer.ts';
import type { KerasLayer, KerasTopology } from './keras-topology.ts';

/** What turns an image into a vector: the first of these that everything passes begins the model's own head. */
const headClasses = new Set(['GlobalAveragePooling2D', 'GlobalMaxPooling2D', 'Flatten']);

/**
 * The last layer of the backbone in a model with or without a head.
 *
 * The layer named, else what comes before the first pooling of the whole image that every path to the output passes (the poolings
 * of squeeze and excitation have a way round), else the output. AppError bad-input when there is no layer of that name.
 */
export function findEnd({ layers, output }: KerasTopology, named: LayerName | undefined): LayerName {
  if (named !== undefined) {
    if (layers.some(({ name }) => name === named)) return named;
    throw new AppError('bad-input', say('kerasNoSuchLayer', { layer: named }));
  }
  const head = layers.find(
    (layer) => headClasses.has(layer.className) && !isReachedWithout(layers, output, layer.name),
  );
  return head?.inputs[0] ?? output;
}

/** The layers that lead to `end`, in their order. */
export function layersUpTo(layers: readonly KerasLayer[], end: LayerName): readonly KerasLayer[] {
  const needed = ancestors(layers, end, undefined);
  return layers.filter(({ name }) => needed.has(name));
}

/** Whether a path from the input to `output` goes round a layer. */
export function isReachedWithout(layers: readonly KerasLayer[], output: LayerName, avoided: LayerName): boolean {
  const reached = ancestors(layers, output, avoided);
  return layers.some(({ name, inputs }) => inputs.length === 0 && reached.has(name));
}

function ancestors(
  layers: readonly KerasLayer[],
  end: LayerName,
  avoided: LayerName | undefined,
): ReadonlySet<LayerName> {
  const inputs = new Map(layers.map((layer) => [layer.name, layer.inputs]));
  const found = new Set<LayerName>();
  const open = [end];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === avoided || found.has(name)) continue;
    found.add(name);
    open.push(...(inputs.get(name) ?? []));
  }
  return found;
}
