import * as v from 'valibot';
import { sentenceSchema, textOf, type Sentence } from '../domain/sentence.ts';

/** Stable names of expected failures. */
export const appErrorCodeSchema = v.picklist([
  'bad-input',
  'not-found',
  'conflict',
  'read-only',
  'cancelled',
  'unsupported',
  'damaged-file',
  'disk-full',
  'no-access',
  'runtime-missing',
  'training-failed',
  'training-diverged',
  'export-differs',
  'not-allowed',
  'connection-lost',
  'bug',
]);
export type AppErrorCode = v.InferOutput<typeof appErrorCodeSchema>;

/** An AppError as it travels. */
export const appErrorShapeSchema = v.pipe(
  v.strictObject({
    code: appErrorCodeSchema,
    message: sentenceSchema,
    retry: v.boolean(),
    detail: v.optional(v.record(v.string(), v.unknown())),
  }),
  v.readonly(),
);
export type AppErrorShape = v.InferOutput<typeof appErrorShapeSchema>;

/** An expected failure: a stable code, a sentence that says what happened and what to do, and whether trying again helps. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  /** What happened and what to do; `message` is the same in English. */
  readonly sentence: Sentence;
  readonly retry: boolean;
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: AppErrorCode,
    sentence: Sentence,
    options: {
      readonly retry?: boolean;
      readonly detail?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(textOf(sentence), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.sentence = sentence;
    this.retry = options.retry ?? false;
    this.detail = options.detail;
  }

  toShape(): AppErrorShape {
    const { code, sentence: message, retry, detail } = this;
    return detail === undefined ? { code, message, retry } : { code, message, retry, detail: { ...detail } };
  }

  static fromShape(shape: AppErrorShape): AppError {
    return new AppError(shape.code, shape.message, {
      retry: shape.retry,
      ...(shape.detail && { detail: shape.detail }),
    });
  }
}
