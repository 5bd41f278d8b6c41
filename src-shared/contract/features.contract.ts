import * as v from 'valibot';
import { backboneNameSchema } from '../domain/backbone.ts';
import { featuresStatusSchema } from '../domain/features.ts';
import { projectIdSchema } from '../domain/ids.ts';
import { command, event } from './define.ts';

const inProject = { projectId: projectIdSchema };

export const featuresContract = {
  'features.get': command('How far the features of all images are', {
    input: v.strictObject(inProject),
    output: featuresStatusSchema,
  }),
  /** Null keeps the backbone. From here on images that come in get theirs too, until a pause. */
  'features.start': command('Compute the features of all images in the background, or go on with it', {
    input: v.strictObject({ ...inProject, backbone: v.nullable(backboneNameSchema) }),
    output: featuresStatusSchema,
  }),
  'features.pause': command('Stop computing features; what is computed is kept', {
    input: v.strictObject(inProject),
    output: featuresStatusSchema,
  }),
} as const;

export const featuresEvents = {
  /** A few times a second while they are computed. */
  'features.changed': event(v.strictObject({ features: featuresStatusSchema })),
} as const;
