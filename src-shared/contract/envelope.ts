import * as v from 'valibot';
import { AppError, appErrorShapeSchema } from './app-error.ts';
import { commands, events, isEventName, type AnyEvent, type CommandName, type CommandOutput } from './contract.ts';
import { describeIssue } from './describe-issue.ts';

/** An answer as it travels, whatever the transport. */
export const envelopeSchema = v.variant('ok', [
  v.strictObject({ ok: v.literal(true), value: v.unknown() }),
  v.strictObject({ ok: v.literal(false), error: appErrorShapeSchema }),
]);
export type Envelope = v.InferOutput<typeof envelopeSchema>;

/** Takes a checked answer out of its envelope; throws the AppError that it carries, or one when it is not an answer. */
export function openEnvelope<N extends CommandName>(name: N, raw: unknown): CommandOutput<N> {
  return openAnswer(commands[name].output, raw, name);
}

/** The same for an answer that is not a command's. */
export function openAnswer<Schema extends v.GenericSchema>(
  schema: Schema,
  raw: unknown,
  name = 'core',
): v.InferOutput<Schema> {
  const envelope = v.safeParse(envelopeSchema, raw);
  if (!envelope.success) throw garbled(`the answer of ${name}`, envelope.issues[0]);
  if (!envelope.output.ok) throw AppError.fromShape(envelope.output.error);
  const value = v.safeParse(schema, envelope.output.value, { abortEarly: true });
  if (!value.success) throw garbled(`the answer of ${name}`, value.issues[0]);
  return value.output;
}

/** Checks an event that arrived; throws an AppError when it is none of ours. */
export function openEvent(raw: unknown): AnyEvent {
  const outer = v.safeParse(v.strictObject({ name: v.string(), payload: v.unknown() }), raw);
  if (!outer.success) throw garbled('an event', outer.issues[0]);
  const { name } = outer.output;
  if (!isEventName(name))
    throw new AppError('bug', `Expected ‹an event of the contract›, received ‹${name.slice(0, 60)}›`);
  const payload = v.safeParse(events[name].payload, outer.output.payload, { abortEarly: true });
  if (!payload.success) throw garbled(`the event ${name}`, payload.issues[0]);
  return { name, payload: payload.output } as AnyEvent;
}

function garbled(what: string, issue: v.BaseIssue<unknown>): AppError {
  return new AppError('bug', `The two halves of Graft disagree about ${what}: ${describeIssue(issue).text}`);
}
