import * as v from 'valibot';
import { backboneNameSchema, backboneRecordSchema } from '../domain/backbone.ts';
import { folderTokenSchema } from '../domain/ids.ts';
import { inputScalingSchema } from '../domain/input-scaling.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event, nothing } from './define.ts';

const words = (longest: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longest));

/** What a TF.js Layers model says about itself, before anything of it is taken. */
export const modelInspectionSchema = v.pipe(
  v.strictObject({
    /** As the model is called in model.json. */
    name: v.string(),
    layerCount: v.number(),
    /** Of its weights' files. */
    weightBytes: v.number(),
    /** Width and height of the images; null where the model leaves them open. */
    inputSize: v.nullable(v.number()),
    /** What networks of this family expect of pixels; null for a family that Graft does not know. */
    scaling: v.nullable(inputScalingSchema),
    /** The model begins with rescaling or normalisation of its own. */
    hasOwnPreprocessing: v.boolean(),
    /** Why the model cannot be taken up to its own head: one sentence for each layer. Empty when it can. */
    refusals: v.pipe(v.array(sentenceSchema), v.readonly()),
    /** Layers that the backbone can end at, from input to output; the last is the best there is. */
    ends: v.pipe(
      v.array(v.pipe(v.strictObject({ layer: v.string(), shape: v.array(v.number()) }), v.readonly())),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type ModelInspection = v.InferOutput<typeof modelInspectionSchema>;

export const backboneContract = {
  'backbone.list': command('The bundled backbones, then those that this person imported', {
    input: nothing,
    output: v.strictObject({ backbones: v.array(backboneRecordSchema) }),
  }),
  'backbone.inspect': command(
    'What a TF.js Layers model says about itself, and whether a backbone can be taken of it',
    {
      input: v.strictObject({ folder: folderTokenSchema }),
      output: modelInspectionSchema,
    },
  ),
  'backbone.import': command('Take the backbone out of a TF.js Layers model and keep it for all projects', {
    input: v.strictObject({
      /** Has model.json and the files that it names. */
      folder: folderTokenSchema,
      title: words(60),
      scaling: inputScalingSchema,
      /** Width and height of the images; null for the model's own. */
      inputSize: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(1024))),
      /** The last layer of the backbone; null to end before the model's own head. */
      endLayer: v.nullable(words(200)),
      licence: words(60),
      /** Where the weights come from, for model cards; null for the name of the model. */
      origin: v.nullable(words(200)),
    }),
    output: backboneRecordSchema,
  }),
  'backbone.remove': command('Remove an imported backbone that no run of a known project needs', {
    input: v.strictObject({ backbone: backboneNameSchema }),
    output: done,
  }),
} as const;

export const backboneEvents = {
  'backbone.listChanged': event(v.strictObject({})),
} as const;
