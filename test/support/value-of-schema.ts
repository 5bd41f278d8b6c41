import * as v from 'valibot';
import type { Random } from '../../src-shared/lib/seeded-random.ts';

/** As much of a valibot schema as steps are made of. */
interface AnySchema {
  readonly type: string;
  readonly wrapped?: AnySchema;
  readonly options?: readonly unknown[];
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly items?: readonly AnySchema[];
  readonly item?: AnySchema;
  readonly literal?: unknown;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

/** A random value that a schema accepts. */
export function valueOfSchema<S extends v.GenericSchema>(schema: S, random: Random): v.InferOutput<S> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const parsed = v.safeParse(schema, draw(schema as unknown as AnySchema, random));
    if (parsed.success) return parsed.output;
  }
  throw new Error(`No value of ‹${schema.type}› found in 1,000 tries`);
}

function draw(schema: AnySchema, random: Random): unknown {
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  switch (schema.type) {
    case 'strict_object':
      return Object.fromEntries(
        Object.entries(schema.entries ?? {}).map(([name, entry]) => [name, draw(entry, random)]),
      );
    case 'strict_tuple':
      return (schema.items ?? []).map((item) => draw(item, random));
    case 'array':
      return Array.from({ length: 1 + random.integer(3) }, () => draw(schema.item!, random));
    case 'union':
    case 'variant':
      return draw(pick(schema.options as readonly AnySchema[]), random);
    case 'picklist':
      return pick(schema.options ?? []);
    case 'literal':
      return schema.literal;
    case 'boolean':
      return random.integer(2) === 1;
    case 'nullable':
      return random.integer(2) === 1 ? null : draw(schema.wrapped!, random);
    case 'number':
      return drawNumber(schema.pipe ?? [], random);
    default:
      throw new Error(`‹${schema.type}› is not drawn yet`);
  }
}

function drawNumber(pipe: NonNullable<AnySchema['pipe']>, random: Random): number {
  const limit = (type: string, otherwise: number): number => {
    const found = pipe.find((action) => action.type === type)?.requirement;
    return typeof found === 'number' ? found : otherwise;
  };
  const low = limit('min_value', limit('gt_value', -100));
  const high = limit('max_value', limit('lt_value', Math.max(low, 0) + 100));
  const isInteger = pipe.some(({ type }) => type === 'integer');
  const number = isInteger ? low + random.integer(high - low + 1) : random.uniform(low, high);
  // Round numbers and tiny ones are written differently.
  return isInteger || random.integer(3) > 0 ? number : Number((number / 10 ** random.integer(9)).toPrecision(2));
}
