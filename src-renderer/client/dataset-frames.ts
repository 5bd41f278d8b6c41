import * as v from 'valibot';
import {
  blockHeaderSchema,
  datasetHeadSchema,
  type BlockHeader,
  type DatasetHead,
  type ImageBlock,
} from '../../src-shared/contract/dataset-stream.ts';

export type ColumnFrame<Head> =
  { readonly kind: 'head'; readonly head: Head } | { readonly kind: 'block'; readonly block: ImageBlock };

/** Reads the frames of a dataset from bytes as they arrive; throws when the bytes end within a frame. */
export function readDatasetFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ColumnFrame<DatasetHead>> {
  return readColumnFrames(bytes, datasetHeadSchema);
}

/** The same for any stream of columns, whose first frame is a head of this shape. */
export async function* readColumnFrames<Head>(
  bytes: AsyncIterable<Uint8Array>,
  headSchema: v.GenericSchema<unknown, Head>,
): AsyncGenerator<ColumnFrame<Head>> {
  const source = new ByteReader(bytes);
  for (let isFirst = true; ; isFirst = false) {
    const lengths = await source.read(8, isFirst ? 'whole' : 'or-end');
    if (lengths === null) return;
    const view = new DataView(lengths.buffer);
    const json = await source.read(view.getUint32(0, true), 'whole');
    const payload = await source.read(view.getUint32(4, true), 'whole');
    const value: unknown = JSON.parse(new TextDecoder().decode(json ?? new Uint8Array()));
    yield isFirst
      ? { kind: 'head', head: v.parse(headSchema, value) }
      : { kind: 'block', block: cutBlock(v.parse(blockHeaderSchema, value), payload ?? new Uint8Array()) };
  }
}

function cutBlock({ rowCount, columns }: BlockHeader, payload: Uint8Array<ArrayBuffer>): ImageBlock {
  const cut = Object.entries(columns).map(([name, { start, length, values = [] }]) => {
    return [name, { bytes: payload.subarray(start, start + length), values }] as const;
  });
  return { rowCount, columns: new Map(cut) };
}

class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, in a buffer of their own; null at the end where that may be. */
  async read(length: number, need: 'whole' | 'or-end'): Promise<Uint8Array<ArrayBuffer> | null> {
    const target = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) {
          if (filled === 0 && need === 'or-end') return null;
          throw new Error('A stream of columns ends in the middle.');
        }
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return target;
  }
}
