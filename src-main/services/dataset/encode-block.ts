import { columnAlignment, type BlockHeader } from '../../../src-shared/contract/dataset-stream.ts';
import type { ImageColumnSpec, NumberSpec } from '../../../src-shared/domain/image-columns.ts';
import type { Cell } from '../../storage/image-reader.ts';

interface EncodedColumn {
  readonly bytes: Uint8Array;
  readonly values?: (string | null)[];
}

/** The first frame of a stream of columns. */
export function encodeHead(head: object): Uint8Array {
  return frame(head, []);
}

/** One frame of images, `cells` of each column that `specs` names; src-shared/contract/dataset-stream.ts says how it lies in the bytes. */
export function encodeBlock<Name extends string>(
  cells: ReadonlyMap<Name, readonly Cell[]>,
  rowCount: number,
  specs: Readonly<Record<Name, ImageColumnSpec>>,
): Uint8Array {
  const described: Record<string, { start: number; length: number; values?: (string | null)[] }> = {};
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const [name, ofColumn] of cells) {
    const { bytes, values } = encodeColumn(specs[name], ofColumn);
    described[name] = { start, length: bytes.length, ...(values ? { values } : {}) };
    const padding = (columnAlignment - (bytes.length % columnAlignment)) % columnAlignment;
    parts.push(bytes, new Uint8Array(padding));
    start += bytes.length + padding;
  }
  const header: BlockHeader = { rowCount, columns: described };
  return frame(header, parts);
}

function encodeColumn(spec: ImageColumnSpec, cells: readonly Cell[]): EncodedColumn {
  switch (spec.kind) {
    case 'id':
      return { bytes: Buffer.from(cells.join(''), 'hex') };
    case 'text':
      return { bytes: encodeTexts(cells) };
    case 'number':
      return { bytes: encodeNumbers(spec, cells) };
    case 'dictionary':
      return encodeDictionary(cells);
  }
}

function encodeTexts(cells: readonly Cell[]): Uint8Array {
  const joined = cells.join('');
  const bytes = Buffer.from(joined);
  const isAscii = bytes.length === joined.length;
  const lengths = Uint32Array.from(cells, (cell) => {
    const text = String(cell ?? '');
    return isAscii ? text.length : Buffer.byteLength(text);
  });
  return Buffer.concat([new Uint8Array(lengths.buffer), bytes]);
}

function encodeDictionary(cells: readonly Cell[]): EncodedColumn {
  const places = new Map<string | null, number>();
  const codes = new Uint16Array(cells.length);
  for (let row = 0; row < cells.length; row += 1) {
    const cell = cells[row] ?? null;
    const value = cell === null ? null : String(cell);
    let place = places.get(value);
    if (place === undefined) {
      place = places.size;
      places.set(value, place);
    }
    codes[row] = place;
  }
  return { bytes: new Uint8Array(codes.buffer), values: [...places.keys()] };
}

function encodeNumbers({ type }: NumberSpec, cells: readonly Cell[]): Uint8Array {
  const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };
  const readTime = rememberTime();
  const numbers = cells.map((cell) => (typeof cell === 'string' ? readTime(cell) : (cell ?? Number.NaN)));
  return new Uint8Array(new kinds[type](numbers).buffer);
}

/** Text in a column of numbers is a time, ISO 8601; neighbours mostly have the same. */
function rememberTime(): (text: string) => number {
  let [last, time] = ['', Number.NaN];
  return (text) => {
    if (text !== last) [last, time] = [text, Date.parse(text)];
    return time;
  };
}

function frame(header: unknown, payload: readonly Uint8Array[]): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const lengths = new DataView(new ArrayBuffer(8));
  lengths.setUint32(0, json.length, true);
  lengths.setUint32(
    4,
    payload.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  return Buffer.concat([new Uint8Array(lengths.buffer), json, ...payload]);
}
