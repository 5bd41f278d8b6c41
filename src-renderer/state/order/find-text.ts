import type { TextColumn } from '../table/text-column.ts';

/** Those of the rows whose text contains another, whatever the case. */
export function findText(texts: TextColumn, rows: Uint32Array, wanted: string): Uint32Array {
  const folded = wanted.toLowerCase();
  const isAscii = /^[\0-\x7f]*$/.test(folded);
  const needle = new TextEncoder().encode(folded);
  return rows.filter((row) => {
    const bytes = texts.bytesAt(row);
    if (isAscii && containsAscii(bytes, needle)) return true;
    // Only where other letters are involved does case need more than a bit.
    return (!isAscii || !texts.isAscii(row)) && texts.at(row).toLowerCase().includes(folded);
  });
}

/** `needle` in lower case. */
function containsAscii(bytes: Uint8Array, needle: Uint8Array): boolean {
  const last = bytes.length - needle.length;
  for (let start = 0; start <= last; start += 1) {
    let length = 0;
    while (length < needle.length && lower(bytes[start + length]!) === needle[length]) length += 1;
    if (length === needle.length) return true;
  }
  return false;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
