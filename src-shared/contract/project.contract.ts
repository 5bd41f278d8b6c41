import * as v from 'valibot';
import { folderTokenSchema, imageIdSchema, projectIdSchema } from '../domain/ids.ts';
import { labellingSchema } from '../domain/labelling.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event, nothing } from './define.ts';

export const sampleIdSchema = v.picklist(['fashion-mnist', 'fluent-emoji']);
export type SampleId = v.InferOutput<typeof sampleIdSchema>;

/** A project as the home page shows it. */
export const projectSummarySchema = v.pipe(
  v.strictObject({
    id: projectIdSchema,
    name: v.string(),
    /** For people to read; never an input. */
    path: v.string(),
    openedAt: v.string(),
    imageCount: v.number(),
    classCount: v.number(),
    runCount: v.number(),
    /** Best held-out accuracy of any run, 0 … 1. */
    bestAccuracy: v.nullable(v.number()),
    isTraining: v.boolean(),
    /** Up to 14 images of different classes, for the contact strip. */
    cover: v.pipe(v.array(imageIdSchema), v.readonly()),
    /** False when its folder cannot be found at the moment. */
    isPresent: v.boolean(),
  }),
  v.readonly(),
);
export type ProjectSummary = v.InferOutput<typeof projectSummarySchema>;

/** A project that is open in this core. */
export const openProjectSchema = v.pipe(
  v.strictObject({
    id: projectIdSchema,
    name: v.string(),
    labelling: labellingSchema,
    path: v.string(),
    /** Why this core only reads the project: who writes it, or that its place cannot be written. */
    readOnlyBecause: v.nullable(sentenceSchema),
  }),
  v.readonly(),
);
export type OpenProject = v.InferOutput<typeof openProjectSchema>;

export const sampleSchema = v.pipe(
  v.strictObject({
    id: sampleIdSchema,
    title: v.string(),
    imageCount: v.number(),
    classCount: v.number(),
    sizeBytes: v.number(),
    credit: v.string(),
    /** How many pictures the byte route for this sample has, from 0. */
    coverCount: v.number(),
  }),
  v.readonly(),
);
export type Sample = v.InferOutput<typeof sampleSchema>;

/** The features of frozen backbones that a project keeps for later trainings. */
export const featureCacheSizeSchema = v.pipe(
  v.strictObject({ bytes: v.number(), /** Beyond it the least recently used go. */ limitBytes: v.number() }),
  v.readonly(),
);
export type FeatureCacheSize = v.InferOutput<typeof featureCacheSizeSchema>;

const projectNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80));

export const projectContract = {
  'project.list': command('Recent projects, latest first', {
    input: nothing,
    output: v.strictObject({ projects: v.array(projectSummarySchema), samples: v.array(sampleSchema) }),
  }),
  /** Without a parent folder the project goes where new projects go by default. */
  'project.create': command('Make an empty project', {
    input: v.strictObject({
      name: projectNameSchema,
      parent: v.nullable(folderTokenSchema),
      /** For good; single-label when left out. */
      labelling: v.optional(labellingSchema),
    }),
    output: openProjectSchema,
  }),
  'project.open': command('Open a recent project', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: openProjectSchema,
  }),
  'project.openFolder': command('Open the project in a chosen folder', {
    input: v.strictObject({ folder: folderTokenSchema }),
    output: openProjectSchema,
  }),
  'project.openSample': command('Open a bundled sample, made into a project the first time', {
    input: v.strictObject({ sample: sampleIdSchema }),
    output: openProjectSchema,
  }),
  'project.rename': command('Rename a project', {
    input: v.strictObject({ projectId: projectIdSchema, name: projectNameSchema }),
    output: openProjectSchema,
  }),
  'project.forget': command('Take a project off the recent list; its folder stays', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: done,
  }),
  'project.describeCache': command('How much disk the cached features of a project take', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: featureCacheSizeSchema,
  }),
  'project.clearCache': command('Remove the cached features; the next training computes them again', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: featureCacheSizeSchema,
  }),
} as const;

export const projectEvents = {
  'project.listChanged': event(v.strictObject({})),
} as const;
