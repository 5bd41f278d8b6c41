import type { Layer, LayerName } from '../layer.ts';
import type { KerasActivation } from './layer-settings.ts';

interface ActivationRequest {
  readonly name: LayerName;
  readonly input: LayerName;
  readonly function: KerasActivation;
  readonly isKeras3: boolean;
}

/**
 * A Keras activation as layers of ours, the last of which has the name given; none for `linear`, null for what only a head has.
 *
 * The hard functions become relu6 between two rescalings, because TF.js has no hard swish and its hard sigmoid is Keras 2's:
 * Keras 3 computes relu6(x + 3) / 6, Keras 2 computes min(max(0.2 · x + 0.5, 0), 1), which is relu6(1.2 · x + 3) / 6.
 */
export function lowerActivation(request: ActivationRequest): readonly Layer[] | null {
  const { name, input, isKeras3 } = request;
  const inputs = [input];
  switch (request.function) {
    case 'linear':
      return [];
    case 'relu':
      return [{ kind: 'relu', name, inputs, maxValue: null }];
    case 'relu6':
      return [{ kind: 'relu', name, inputs, maxValue: 6 }];
    case 'sigmoid':
    case 'tanh':
      return [{ kind: 'activation', name, inputs, function: request.function }];
    case 'swish':
    case 'silu':
      return [{ kind: 'activation', name, inputs, function: 'swish' }];
    case 'hard_sigmoid':
    case 'hardSigmoid':
      return hardSigmoid(name, input, isKeras3 ? 1 : 1.2);
    case 'hard_swish':
    case 'hard_silu': {
      const gate = `${name}_gate`;
      return [...hardSigmoid(gate, input, 1), { kind: 'multiply', name, inputs: [input, gate] }];
    }
    case 'softmax':
      return null;
  }
}

function hardSigmoid(name: LayerName, input: LayerName, scale: number): readonly Layer[] {
  const [shifted, clipped] = [`${name}_shifted`, `${name}_clipped`];
  return [
    { kind: 'rescaling', name: shifted, inputs: [input], scale, offset: 3 },
    { kind: 'relu', name: clipped, inputs: [shifted], maxValue: 6 },
    { kind: 'rescaling', name, inputs: [clipped], scale: 1 / 6, offset: 0 },
  ];
}
