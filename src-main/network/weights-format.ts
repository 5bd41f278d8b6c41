import { say } from '../../src-shared/domain/sentence.ts';
import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { decodeFloat16, encodeFloat16 } from './float16.ts';
import { sizeOfShape, type NetworkWeights, type WeightArray, type WeightName } from './weights.ts';

/** One entry of TF.js's weights manifest: where an array lies follows from the order. */
const weightEntrySchema = v.object({
  name: v.string(),
  shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e8))),
  dtype: v.picklist(['float32', 'int32']),
  quantization: v.optional(
    v.variant('dtype', [
      v.object({ dtype: v.literal('float16'), original_dtype: v.optional(v.string()) }),
      v.object({
        dtype: v.picklist(['uint8', 'uint16']),
        scale: v.number(),
        min: v.number(),
        original_dtype: v.optional(v.string()),
      }),
    ]),
  ),
});
export type WeightEntry = v.InferOutput<typeof weightEntrySchema>;

/** TF.js's weights manifest, as far as Graft reads it: groups of arrays, each in files that belong one after another. */
export const weightsManifestSchema = v.array(
  v.object({ paths: v.array(v.string()), weights: v.array(weightEntrySchema) }),
);

/** How a weight's numbers are stored. */
export type StoredPrecision = 'float32' | 'float16';

/**
 * Describes arrays, and gives their bytes, little-endian, in the same order. In float32 these are the arrays' own memory: a copy of all
 * weights, made each time that some are saved, would be most of what a training allocates.
 */
export function encodeWeights(
  weights: NetworkWeights,
  precisionOf: (name: WeightName) => StoredPrecision,
): { readonly entries: readonly WeightEntry[]; readonly parts: readonly Uint8Array[] } {
  const entries = [...weights].map(([name, { shape }]): WeightEntry => {
    const precision = precisionOf(name);
    const entry = { name, shape: [...shape], dtype: 'float32' as const };
    return precision === 'float32'
      ? entry
      : { ...entry, quantization: { dtype: precision, original_dtype: 'float32' } };
  });
  const parts = [...weights].map(([name, weight]) => storedBytes(weight, precisionOf(name)));
  return { entries, parts };
}

/** Reads arrays back, all as float32, also those that are stored as halves, as bytes or as whole numbers. Refuses data whose length is not what the entries say. */
export function decodeWeights(entries: readonly WeightEntry[], bytes: Uint8Array): NetworkWeights {
  const expected = entries.reduce((sum, entry) => sum + storedSizeOf(entry), 0);
  if (bytes.length !== expected) {
    throw new AppError('damaged-file', say('weightsDamaged', { expected, received: bytes.length }));
  }
  let offset = 0;
  return new Map(
    entries.map((entry): [WeightName, WeightArray] => {
      const size = storedSizeOf(entry);
      // A copy, which also aligns the bytes for the typed array. Not slice(): a Buffer's does not copy.
      const part = new Uint8Array(bytes.subarray(offset, offset + size));
      offset += size;
      return [entry.name, { shape: entry.shape, values: readValues(entry, part.buffer) }];
    }),
  );
}

const bytesOf = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 } as const;

function storedSizeOf({ shape, dtype, quantization }: WeightEntry): number {
  return sizeOfShape(shape) * bytesOf[quantization?.dtype ?? dtype];
}

function readValues({ dtype, quantization }: WeightEntry, bytes: ArrayBuffer): Float32Array {
  if (quantization?.dtype === 'float16') return decodeFloat16(new Uint16Array(bytes));
  if (quantization) {
    const { scale, min } = quantization;
    const steps = quantization.dtype === 'uint8' ? new Uint8Array(bytes) : new Uint16Array(bytes);
    return Float32Array.from(steps, (step) => step * scale + min);
  }
  return dtype === 'int32' ? Float32Array.from(new Int32Array(bytes)) : new Float32Array(bytes);
}

function storedBytes(weight: WeightArray, precision: StoredPrecision): Uint8Array {
  const numbers = precision === 'float32' ? weight.values : encodeFloat16(weight.values);
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
