import * as v from 'valibot';
import type { WeightArray } from '../../src-main/network/weights.ts';

const headerSchema = v.record(
  v.string(),
  v.object({ dtype: v.literal('F32'), shape: v.array(v.number()), data_offsets: v.tuple([v.number(), v.number()]) }),
);

/** The float32 arrays of a safetensors file by name: 8 bytes header length, a JSON header, then the data. */
export function readSafetensors(bytes: Buffer): ReadonlyMap<string, WeightArray> {
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header: unknown = JSON.parse(bytes.subarray(8, 8 + headerLength).toString('utf8'));
  const start = 8 + headerLength;
  const isArray = ([name]: readonly [string, unknown]): boolean => name !== '__metadata__';
  const entries = v.parse(headerSchema, Object.fromEntries(Object.entries(header ?? {}).filter(isArray)));
  return new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const part = Uint8Array.from(bytes.subarray(start + from, start + to));
        return [name, { shape, values: new Float32Array(part.buffer) }];
      },
    ),
  );
}
