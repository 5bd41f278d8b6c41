import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import type { DropoutLayer } from '../../network/layer.ts';

/** What a dropout layer multiplies the values of a step by: 0 for a share `rate` of them, 1 / (1 − rate) for the others. */
export function dropoutMask({ name, rate }: DropoutLayer, seed: number | string, length: number): Float32Array {
  const random = createRandom(`${seed}/${name}`);
  const kept = 1 / (1 - rate);
  return Float32Array.from({ length }, () => (random.next() < rate ? 0 : kept));
}
