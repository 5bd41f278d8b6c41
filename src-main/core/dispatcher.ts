import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { CommandName, Commands, Handlers } from '../../src-shared/contract/contract.ts';
import type { Command } from '../../src-shared/contract/define.ts';
import { describeIssue } from '../../src-shared/contract/describe-issue.ts';
import type { Envelope } from '../../src-shared/contract/envelope.ts';
import { say, type Fact } from '../../src-shared/domain/sentence.ts';
import type { Logger } from './logger.ts';
import { toAppError } from './to-app-error.ts';

/** Answers a command by name with an envelope; never rejects. */
export type Dispatch = (name: string, input: unknown) => Promise<Envelope>;

type AnyHandler = (input: unknown) => unknown;

/** Makes the one way into a set of handlers: name → size → input → handler → output → envelope. */
export function createDispatcher<N extends CommandName>(options: {
  readonly commands: Pick<Commands, N>;
  readonly handlers: Handlers<N>;
  readonly logger: Logger;
}): Dispatch {
  const commands: Readonly<Record<string, Command>> = options.commands;
  // Each handler takes exactly what its own command's schema lets through, which no type of a by-name lookup can say.
  const handlers = options.handlers as Readonly<Record<string, AnyHandler>>;
  return async (name, input) => {
    try {
      return { ok: true, value: await answer(name, input, commands, handlers) };
    } catch (thrown) {
      const { error, isBug } = toAppError(thrown);
      if (isBug) options.logger.error(`${name} failed`, thrown);
      return { ok: false, error: error.toShape() };
    }
  };
}

async function answer(
  name: string,
  input: unknown,
  commands: Readonly<Record<string, Command>>,
  handlers: Readonly<Record<string, AnyHandler>>,
): Promise<unknown> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (command === undefined || handler === undefined) {
    throw new AppError('unsupported', `Expected ‹a command›, received ‹${name.slice(0, 60)}›.`);
  }
  checkSize(name, input, command.maxInputBytes);
  // Every input is an object with named fields; to a schema without any, a list would look like one.
  if (Array.isArray(input)) throw refuse(say('anObject'), 'input', say('aList'));
  const parsed = v.safeParse(command.input, input, { abortEarly: true });
  if (!parsed.success) throw new AppError('bad-input', describeIssue(parsed.issues[0]), { detail: { command: name } });
  const output = await handler(parsed.output);
  const checked = v.safeParse(command.output, output, { abortEarly: true });
  if (!checked.success) {
    throw new Error(`${name} answered against its contract: ${describeIssue(checked.issues[0], 'output').text}`);
  }
  return checked.output;
}

function checkSize(name: string, input: unknown, maxBytes: number): void {
  const sizeBytes = Buffer.byteLength(asJson(name, input));
  if (sizeBytes <= maxBytes) return;
  throw refuse(say('atMostBytes', { most: maxBytes }), name, sizeBytes);
}

function asJson(name: string, input: unknown): string {
  // undefined has no JSON; the schema refuses it right after.
  if (input === undefined) return '';
  try {
    return JSON.stringify(input);
  } catch (cause) {
    throw refuse('JSON', name, say('somethingElse'), cause);
  }
}

function refuse(expected: Fact, field: string, received: Fact, cause?: unknown): AppError {
  return new AppError('bad-input', say('expectedFor', { expected, field, received }), { cause });
}
