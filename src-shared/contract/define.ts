import * as v from 'valibot';

type AnySchema = v.GenericSchema;

/** One thing that the page or the command line can ask for. */
export interface Command<Input extends AnySchema = AnySchema, Output extends AnySchema = AnySchema> {
  readonly kind: 'command';
  /** Said once in `--help`-like lists and docs. */
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  /** Most bytes that the input may have as JSON. */
  readonly maxInputBytes: number;
}

/** One thing that core tells without being asked. */
export interface Event<Payload extends AnySchema = AnySchema> {
  readonly kind: 'event';
  readonly payload: Payload;
}

/** Declares a command; both sides validate against its schemas. */
export function command<Input extends AnySchema, Output extends AnySchema>(
  summary: string,
  schemas: { readonly input: Input; readonly output: Output },
  options: { readonly maxInputBytes?: number } = {},
): Command<Input, Output> {
  return {
    kind: 'command',
    summary,
    ...schemas,
    maxInputBytes: options.maxInputBytes ?? 256 * 1024,
  };
}

/** Declares an event. */
export function event<Payload extends AnySchema>(payload: Payload): Event<Payload> {
  return { kind: 'event', payload };
}

/** The input of a command that needs none. */
export const nothing = v.strictObject({});
/** The output of a command that only does. */
export const done = v.strictObject({ done: v.literal(true) });
