import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { runIdSchema, type RunId } from '../../src-shared/domain/ids.ts';

/** Reads a number of an option; wrong usage otherwise. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

/** Reads a whole number from `least` up. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = parseNumber(text);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} up.`);
    }
    return value;
  };
}

/** Reads whole numbers from `least` up with commas between them. */
export function wholeNumbersFrom(least: number): (text: string) => readonly number[] {
  const read = wholeNumberFrom(least);
  return (text) => text.split(',').map(read);
}

/** Reads the id of a run, as `graft runs` prints it. */
export function parseRunId(text: string): RunId {
  const parsed = v.safeParse(runIdSchema, text);
  if (!parsed.success) throw new InvalidArgumentError('Expected the id of a run; “graft runs <project>” lists them.');
  return parsed.output;
}
