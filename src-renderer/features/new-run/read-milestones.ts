import * as v from 'valibot';
import { milestonesSchema } from '../../../src-shared/domain/recipe/schedule.ts';

/** Reads rising whole numbers with commas or spaces between them, such as "15, 25"; null where the text is no such list. */
export function readMilestones(text: string): readonly number[] | null {
  const numbers = text
    .split(/[\s,，、]+/u)
    .filter((part) => part !== '')
    .map(Number);
  return v.is(milestonesSchema, numbers) ? numbers : null;
}
