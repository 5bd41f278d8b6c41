import type { LayerName } from '../../network/layer.ts';
import { sizeOfShape } from '../../network/weights.ts';
import type { Activations } from './executor.ts';

/** Throws unless there are as many values as so many images have at this point, of `shape` each. */
export function assertActivations({ count, values }: Activations, point: LayerName, shape: readonly number[]): void {
  const expected = count * sizeOfShape(shape);
  if (values.length === expected) return;
  throw new Error(`Expected ${expected} values at ${point} for ${count} images, received ${values.length}`);
}
