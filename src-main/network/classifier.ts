import type { DenseLayer } from './layer.ts';
import { outputLayer, type Network } from './network.ts';

/** How a network says which classes a picture has: one of them (softmax), or each for itself (sigmoid). */
export type ClassProbabilities = 'softmax' | 'sigmoid';

/** The end of a network that classifies. */
export interface Classifier {
  /** Its output before the softmax or the sigmoid are the logits. */
  readonly dense: DenseLayer;
  readonly probabilities: ClassProbabilities;
}

/** Throws a plain error for a network that ends otherwise: in a dense softmax layer, or in a sigmoid of a dense layer. */
export function classifierOf(network: Network): Classifier {
  const output = outputLayer(network);
  if (output.kind === 'dense' && output.activation === 'softmax') return { dense: output, probabilities: 'softmax' };
  const before = network.layers.find(({ name }) => name === output.inputs[0]);
  if (output.kind === 'activation' && output.function === 'sigmoid' && before?.kind === 'dense') {
    return { dense: before, probabilities: 'sigmoid' };
  }
  throw new Error(`Expected ${network.name} to end in a dense softmax layer or in a sigmoid of a dense layer`);
}
