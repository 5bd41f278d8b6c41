import * as v from 'valibot';

/** Three numbers, one for each of red, green and blue. */
export const rgbSchema = v.pipe(v.strictTuple([v.number(), v.number(), v.number()]), v.readonly());
export type Rgb = v.InferOutput<typeof rgbSchema>;

/** Names the pretrained networks that are bundled. */
export const backboneNameSchema = v.picklist(['efficientnet-lite0', 'efficientnet-lite1', 'efficientnet-lite2']);
export type BackboneName = v.InferOutput<typeof backboneNameSchema>;
export const backboneNames = backboneNameSchema.options;

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
    /** SHA-256 of weights.bin, in hex. */
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
