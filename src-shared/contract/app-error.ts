import * as v from 'valibot';

/** Stable names of expected failures; the page words them by code, the command line prints the message. */
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
    message: v.string(),
    retry: v.boolean(),
    detail: v.optional(v.record(v.string(), v.unknown())),
  }),
  v.readonly(),
);
export type AppErrorShape = v.InferOutput<typeof appErrorShapeSchema>;

/** An expected failure: a stable code, a sentence that says what happened and what to do, and whether trying again helps. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly retry: boolean;
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: AppErrorCode,
    message: string,
    options: {
      readonly retry?: boolean;
      readonly detail?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retry = options.retry ?? false;
    this.detail = options.detail;
  }

  toShape(): AppErrorShape {
    const { code, message, retry, detail } = this;
    return detail === undefined ? { code, message, retry } : { code, message, retry, detail: { ...detail } };
  }

  static fromShape(shape: AppErrorShape): AppError {
    return new AppError(shape.code, shape.message, {
      retry: shape.retry,
      ...(shape.detail && { detail: shape.detail }),
    });
  }
}
