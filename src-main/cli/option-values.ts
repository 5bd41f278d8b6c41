import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import { backboneNameSchema, type BackboneName, type Rgb } from '../../src-shared/domain/backbone.ts';
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

/** Reads the name of a backbone, as `graft backbone list` prints it. */
export function parseBackboneName(text: string): BackboneName {
  const parsed = v.safeParse(backboneNameSchema, text);
  if (!parsed.success) throw new InvalidArgumentError('“graft backbone list” lists the names.');
  return parsed.output;
}

/** Reads three numbers with commas between them, or one for all three channels. */
export function parseRgb(text: string): Rgb {
  const [red, green = red, blue = red, ...more] = text.split(',').map(parseNumber);
  if (red === undefined || green === undefined || blue === undefined || more.length > 0) {
    throw new InvalidArgumentError('Expected three numbers, e.g. 0.485,0.456,0.406.');
  }
  return [red, green, blue];
}
