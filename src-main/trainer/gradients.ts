import type { WeightName } from '../network/weights.ts';
import type { Tensor } from './tensorflow.ts';

/** d loss / d weight by weight, each with the shape of its weight. */
export type Gradients = ReadonlyMap<WeightName, Tensor>;
