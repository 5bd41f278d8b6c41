import * as v from 'valibot';
import { jobIdSchema } from '../domain/ids.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event, nothing } from './define.ts';

/** What ONNX Runtime can compute on: the processor, DirectML on Windows, CoreML on macOS. */
const onnxProviderSchema = v.picklist(['cpu', 'dml', 'coreml']);
export type OnnxProvider = v.InferOutput<typeof onnxProviderSchema>;

export const settingsSchema = v.pipe(
  v.strictObject({
    language: v.picklist(['system', 'en', 'zh-CN']),
    theme: v.picklist(['system', 'light', 'dark']),
    /** What ONNX Runtime computes on, where this platform's package brings it; the processor when left out. */
    onnxProvider: v.optional(onnxProviderSchema),
  }),
  v.readonly(),
);
export type Settings = v.InferOutput<typeof settingsSchema>;

/** What trains: the TensorFlow runtime of this machine, ONNX Runtime, and what was found on the way to them. */
export const runtimeStatusSchema = v.pipe(
  v.strictObject({
    state: v.picklist(['ready', 'not-installed', 'installing', 'unavailable']),
    kind: v.nullable(v.picklist(['cpu', 'cuda'])),
    version: v.nullable(v.string()),
    threads: v.number(),
    /** What ONNX Runtime can compute on here; the first is the processor. */
    onnxProviders: v.pipe(v.array(onnxProviderSchema), v.readonly()),
    /** True where feature extraction trains without TensorFlow, whatever `state` says of that. */
    trainsHeads: v.boolean(),
    /** One sentence: the verdict. */
    verdict: sentenceSchema,
    /** Why not better, or what to do; empty when there is nothing to do. */
    advice: v.pipe(v.array(sentenceSchema), v.readonly()),
    machine: v.pipe(
      v.strictObject({
        /** As the system names it. */
        processor: v.string(),
        cores: v.number(),
        memoryBytes: v.number(),
        freeMemoryBytes: v.number(),
        system: v.string(),
      }),
      v.readonly(),
    ),
    /** The graphics card, where the driver tells of one; `kind` says whether it trains. */
    card: v.nullable(
      v.pipe(v.strictObject({ name: v.string(), driver: v.string(), memoryBytes: v.number() }), v.readonly()),
    ),
    /** Bytes to download before the card can train; null where nothing is left to install for it. */
    cardDownloadBytes: v.nullable(v.number()),
    /** True where everything is installed for the card and its latest try failed; `runtime.install` tries it again. */
    isCardRefused: v.boolean(),
    /** What was looked at and what was found. */
    findings: v.pipe(
      v.array(
        v.pipe(v.strictObject({ what: sentenceSchema, found: sentenceSchema, isGood: v.boolean() }), v.readonly()),
      ),
      v.readonly(),
    ),
    /** While installing. */
    progress: v.nullable(
      v.pipe(
        v.strictObject({ jobId: jobIdSchema, stage: v.string(), value: v.number(), words: sentenceSchema }),
        v.readonly(),
      ),
    ),
  }),
  v.readonly(),
);
export type RuntimeStatus = v.InferOutput<typeof runtimeStatusSchema>;

export const settingsContract = {
  'settings.get': command('Settings of this person on this machine', { input: nothing, output: settingsSchema }),
  'settings.set': command('Change settings', { input: settingsSchema, output: settingsSchema }),
  'runtime.describe': command('What trains on this machine, and why not better', {
    input: nothing,
    output: runtimeStatusSchema,
  }),
  'runtime.measureCache': command('Where what can be fetched again is kept, and how much it takes', {
    input: nothing,
    output: v.strictObject({ folder: v.string(), sizeBytes: v.number() }),
  }),
  'runtime.install': command('Install the TensorFlow runtime for the processor, or the one for an NVIDIA card', {
    input: v.strictObject({ device: v.picklist(['cpu', 'cuda']) }),
    output: runtimeStatusSchema,
  }),
  'runtime.cancel': command('Stop the installation; it continues where it stopped next time', {
    input: nothing,
    output: done,
  }),
} as const;

export const settingsEvents = {
  'settings.changed': event(v.strictObject({ settings: settingsSchema })),
  'runtime.changed': event(v.strictObject({ status: runtimeStatusSchema })),
} as const;
