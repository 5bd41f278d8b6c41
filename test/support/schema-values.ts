import * as v from 'valibot';
import type { Random } from '../../src-shared/lib/seeded-random.ts';

/** So large that no picture of a test grows beyond memory. */
const mostOfAnyNumber = 300;

/** What this file reads of a valibot schema. */
interface Parts {
  readonly type: string;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly items?: readonly v.GenericSchema[];
  readonly options?: readonly unknown[];
  readonly wrapped?: v.GenericSchema;
  readonly literal?: unknown;
}

/** A value that the schema accepts; its ends come often. Throws for a kind of schema that is not known here. */
export function valueOf(schema: v.GenericSchema, random: Random): unknown {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const value = draw(schema, random);
    if (v.is(schema, value)) return value;
  }
  throw new Error(`No value found for ‹${schema.expects}›`);
}

function draw(schema: v.GenericSchema, random: Random): unknown {
  const parts = schema as unknown as Parts;
  switch (parts.type) {
    case 'strict_object':
      return Object.fromEntries(Object.entries(parts.entries ?? {}).map(([name, part]) => [name, draw(part, random)]));
    case 'strict_tuple':
      return parts.items?.map((part) => draw(part, random));
    case 'union':
      return draw(oneOf(parts.options ?? [], random) as v.GenericSchema, random);
    case 'nullable':
      return random.next() < 0.3 || !parts.wrapped ? null : draw(parts.wrapped, random);
    case 'picklist':
      return oneOf(parts.options ?? [], random);
    case 'literal':
      return parts.literal;
    case 'boolean':
      return random.next() < 0.5;
    case 'number':
      return drawNumber(parts, random);
    default:
      throw new Error(`Expected a schema of a parameter, received ‹${parts.type}›`);
  }
}

function drawNumber({ pipe = [] }: Parts, random: Random): number {
  const bound = (type: string, other: number): number => {
    const requirement = pipe.find((item) => item.type === type)?.requirement;
    return typeof requirement === 'number' ? requirement : other;
  };
  const low = bound('min_value', -mostOfAnyNumber);
  const high = Math.min(bound('max_value', mostOfAnyNumber), mostOfAnyNumber);
  const share = oneOf([0, 1, random.next(), random.next() ** 3, random.next() ** 3], random);
  const value = low + (high - low) * share;
  return pipe.some(({ type }) => type === 'integer') ? Math.round(value) : value;
}

function oneOf<T>(options: readonly T[], random: Random): T {
  return options[random.integer(options.length)]!;
}
