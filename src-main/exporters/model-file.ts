import * as v from 'valibot';

/** What TF.js needs of a model.json, as far as it must be known to hand it over; TF.js itself checks the rest. */
const modelFileSchema = v.object({
  format: v.literal('layers-model'),
  modelTopology: v.looseObject({}),
  weightsManifest: v.array(
    v.object({
      paths: v.array(v.string()),
      weights: v.array(v.object({ name: v.string(), shape: v.array(v.number()), dtype: v.literal('float32') })),
    }),
  ),
});

/** A Layers model in the parts that `tf.io.fromMemory` takes, and the files that its weights are in, one after another. */
export interface ModelFile {
  readonly modelTopology: object;
  readonly weightSpecs: { name: string; shape: number[]; dtype: 'float32' }[];
  readonly weightPaths: readonly string[];
}

/** Takes a model.json with float32 weights apart. Throws where it is something else. */
export function parseModelFile(json: string): ModelFile {
  const { modelTopology, weightsManifest } = v.parse(v.pipe(v.string(), v.parseJson(), modelFileSchema), json);
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightPaths: weightsManifest.flatMap((group) => group.paths),
  };
}
