import * as v from 'valibot';
import { projectIdSchema } from '../domain/ids.ts';
import { mapStatusSchema } from '../domain/image-map.ts';
import { command, event } from './define.ts';

const inProject = { projectId: projectIdSchema };

export const mapContract = {
  'map.get': command('Whether there is a map of the images, and how far one is', {
    input: v.strictObject(inProject),
    output: mapStatusSchema,
  }),
  /** AppError bad-input with too few images that have features. */
  'map.draw': command('Draw a map of all images that have features, in the background', {
    input: v.strictObject(inProject),
    output: mapStatusSchema,
  }),
  'map.cancel': command('Stop drawing; the map from before stays', {
    input: v.strictObject(inProject),
    output: mapStatusSchema,
  }),
} as const;

export const mapEvents = {
  /** A few times a second while one is drawn. */
  'map.changed': event(v.strictObject({ map: mapStatusSchema })),
} as const;

/** First frame of the byte route `map`; the blocks after it are as dataset-stream.ts says. */
export const mapHeadSchema = v.pipe(v.strictObject({ version: v.number(), count: v.number() }), v.readonly());
export type MapHead = v.InferOutput<typeof mapHeadSchema>;
