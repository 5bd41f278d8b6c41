/** The name of one weight array: `<layer>/<role>`, e.g. `stem_conv/kernel`. */
export type WeightName = string;

/** One array of numbers in row-major order; layouts are TensorFlow's (see layer.ts). */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All numbers of a network by name. */
export type NetworkWeights = ReadonlyMap<WeightName, WeightArray>;

/** The weight of this name; throws when it is missing, which means that weights and network do not belong together. */
export function getWeight(weights: NetworkWeights, name: WeightName): WeightArray {
  const weight = weights.get(name);
  if (!weight) throw new Error(`No weight ${name}`);
  return weight;
}

/** Number of values in an array of this shape. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
