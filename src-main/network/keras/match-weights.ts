import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Network } from '../network.ts';
import { weightSpecs, type WeightSpec } from '../parameters.ts';
import { sizeOfShape, type NetworkWeights, type WeightArray, type WeightName } from '../weights.ts';
import { kerasLayerOf } from './lower-layer.ts';

/** What Keras calls a weight: Keras 3 says `kernel` for a depthwise one too, and a separable convolution has two. */
const otherRoles: Readonly<Record<string, string>> = { depthwise_kernel: 'kernel', kernel: 'pointwise_kernel' };

/**
 * The weights of a network by our names, from those of a Keras file; what else is in the file is left out.
 *
 * `constants` stands in for weights that Keras does without. AppError damaged-file names a weight that is missing or has another shape.
 */
export function matchWeights(
  network: Network,
  stored: NetworkWeights,
  constants: ReadonlyMap<WeightName, number>,
): NetworkWeights {
  return new Map(
    weightSpecs(network).map((spec): [WeightName, WeightArray] => {
      const constant = constants.get(spec.name);
      if (constant !== undefined) {
        return [spec.name, { shape: spec.shape, values: new Float32Array(sizeOfShape(spec.shape)).fill(constant) }];
      }
      return [spec.name, findWeight(spec, stored)];
    }),
  );
}

function findWeight(spec: WeightSpec, stored: NetworkWeights): WeightArray {
  const role = spec.name.slice(spec.layer.length + 1);
  const roles = [role, otherRoles[role]].filter((name) => name !== undefined);
  const layers = [spec.layer, kerasLayerOf(spec.layer)];
  const names = layers.flatMap((layer) => roles.map((name) => `${layer}/${name}`));
  const weight = names.map((name) => stored.get(name)).find((found) => found !== undefined);
  if (!weight) throw new AppError('damaged-file', say('kerasWeightMissing', { weight: spec.name }));
  if (weight.shape.join() !== spec.shape.join()) {
    throw new AppError(
      'damaged-file',
      say('kerasWeightShape', {
        weight: spec.name,
        expected: spec.shape.join(' × '),
        received: weight.shape.join(' × '),
      }),
    );
  }
  return weight;
}
