import * as v from 'valibot';
import { automaticColor } from '../../src-shared/domain/class-details.ts';
import type { DatasetClass } from '../../src-shared/domain/dataset.ts';
import { classIdSchema } from '../../src-shared/domain/ids.ts';

/** A class with nothing of its own, whose id is its name. */
export function plainClass(name: string, order: number): DatasetClass {
  const id = v.parse(classIdSchema, name);
  return { id, name, order, color: automaticColor(order), isColorChosen: false, key: null, description: '' };
}
