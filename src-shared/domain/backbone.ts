import * as v from 'valibot';

/** Three numbers, one for each of red, green and blue. */
export const rgbSchema = v.pipe(v.strictTuple([v.number(), v.number(), v.number()]), v.readonly());
export type Rgb = v.InferOutput<typeof rgbSchema>;

/** The pretrained networks that are bundled. */
export const backboneNames = ['efficientnet-lite0', 'efficientnet-lite1', 'efficientnet-lite2'] as const;

const bundledNameSchema = v.picklist(backboneNames);

/** The name of a bundled network, or of one that a person imported: `<words>-<12 hex digits of what it is>`. */
export const backboneNameSchema = v.union([
  bundledNameSchema,
  v.pipe(v.string(), v.regex(/^[a-z0-9]{1,30}(-[a-z0-9]{1,30}){0,12}-[0-9a-f]{12}$/)),
]);
export type BackboneName = v.InferOutput<typeof backboneNameSchema>;

/** Whether a network came with the program. */
export function isBundled(name: BackboneName): boolean {
  return v.is(bundledNameSchema, name);
}

/** The name of an imported network from its title and a digest of all that it is. */
export function importedBackboneName(title: string, digest: string): BackboneName {
  const words = title.toLowerCase().match(/[a-z0-9]{1,30}/g) ?? ['backbone'];
  return [...words.slice(0, 12), digest.slice(0, 12)].join('-');
}

/** One part of a backbone that can be frozen or trained as a whole, from input to output. */
export const stageSchema = v.pipe(
  v.strictObject({
    name: v.string(),
    layers: v.number(),
    parameterCount: v.number(),
    outputShape: v.array(v.number()),
  }),
  v.readonly(),
);
export type Stage = v.InferOutput<typeof stageSchema>;

/** A pretrained network with its preprocessing: the two are one record, never apart. */
export const backboneRecordSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    name: backboneNameSchema,
    title: v.string(),
    /** Width and height of the input in pixels. */
    inputSize: v.number(),
    /** Per channel, for pixels scaled to [0, 1]: input = (pixel − mean) / std. */
    mean: rgbSchema,
    std: rgbSchema,
    interpolation: v.picklist(['nearest', 'bilinear', 'bicubic']),
    /** Length of the feature vector that the head gets. */
    featureCount: v.number(),
    parameterCount: v.number(),
    stages: v.pipe(v.array(stageSchema), v.readonly()),
    licence: v.string(),
    origin: v.string(),
    /** SHA-256 in hex of weights.bin, or of an imported network's model.json and weights.bin one after another. */
    sha256: v.string(),
  }),
  v.readonly(),
);
export type BackboneRecord = v.InferOutput<typeof backboneRecordSchema>;

/** ImageNet's statistics for pixels in [0, 1], as in torchvision's presets. */
export const imageNetStatistics: { readonly mean: Rgb; readonly std: Rgb } = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
