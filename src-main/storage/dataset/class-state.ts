import { automaticColor } from '../../../src-shared/domain/class-details.ts';
import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';

/** All of a class but its id, as the table has it and as an edit keeps it. */
export interface ClassState {
  readonly name: string;
  readonly position: number;
  /** Made once and kept: it decides the automatic colour. */
  readonly number: number;
  readonly description: string;
  readonly color: number | null;
  readonly key: string | null;
}

export type ClassRow = ClassState & { readonly id: ClassId };

/** A class without anything of its own. */
export function newClassState(name: string, number: number): ClassState {
  return { name, position: number, number, description: '', color: null, key: null };
}

/** A row without its id. */
export function stateOf({ name, position, number, description, color, key }: ClassRow): ClassState {
  return { name, position, number, description, color, key };
}

export function toClass({ id, name, position, number, description, color, key }: ClassRow): DatasetClass {
  const shown = color ?? automaticColor(number);
  return { id, name, order: position, color: shown, isColorChosen: color !== null, key, description };
}

/** What `JSON.stringify` made of a state. */
export function parseClassState(text: string): ClassState {
  return JSON.parse(text) as ClassState;
}
