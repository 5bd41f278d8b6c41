import * as v from 'valibot';
import { backboneRecordSchema } from '../domain/backbone.ts';
import { folderTokenSchema } from '../domain/ids.ts';
import { inputScalingSchema } from '../domain/input-scaling.ts';
import { command, nothing } from './define.ts';

const words = (longest: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longest));

export const backboneContract = {
  'backbone.list': command('The bundled backbones, then those that this person imported', {
    input: nothing,
    output: v.strictObject({ backbones: v.array(backboneRecordSchema) }),
  }),
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
    }),
    output: backboneRecordSchema,
  }),
} as const;
