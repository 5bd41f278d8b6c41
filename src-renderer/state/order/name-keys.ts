import type { TextColumn } from '../table/text-column.ts';

/** What names are compared by, element by element: row r has those from `starts[r]` to `starts[r + 1]`. */
export interface NameKeys {
  readonly elements: Uint16Array;
  readonly starts: Uint32Array;
  /** One more than the greatest element. */
  readonly elementCount: number;
}

const zero = 0x30;
/** A run of digits has its length next, so longer numbers come after shorter ones. */
const mostDigits = 255;

/**
 * Keys of names, so that comparing them is like comparing the names character by character as a language orders single
 * characters, with runs of digits as numbers. Characters that the language holds equal (a, A) are equal.
 *
 * A million comparisons of a collator take a second and more; the characters that names are made of are a few hundred.
 */
export function nameKeys(names: TextColumn, rowCount: number, compare: (a: string, b: string) => number): NameKeys {
  const texts = readCharacters(names, rowCount);
  const { ranks, count } = rankCharacters(texts.characters, compare);
  const starts = new Uint32Array(rowCount + 1);
  // A digit makes at most one element more than itself.
  const elements = new Uint16Array(2 * texts.codes.length + 1);
  let end = 0;
  for (let row = 0; row < rowCount; row += 1) {
    starts[row] = end;
    end = writeKey(texts.codes.subarray(texts.starts[row], texts.starts[row + 1]), { ranks, elements, end });
  }
  starts[rowCount] = end;
  return { elements: elements.subarray(0, end), starts, elementCount: Math.max(count, mostDigits) + 1 };
}

interface Characters {
  /** Code points of all names. */
  readonly codes: Uint32Array;
  readonly starts: Uint32Array;
  readonly characters: ReadonlySet<number>;
}

function readCharacters(names: TextColumn, rowCount: number): Characters {
  let size = 0;
  for (let row = 0; row < rowCount; row += 1) size += names.lengthAt(row);
  const codes = new Uint32Array(size);
  const starts = new Uint32Array(rowCount + 1);
  const isSeen = new Uint8Array(128);
  const characters = new Set<number>();
  let end = 0;
  for (let row = 0; row < rowCount; row += 1) {
    starts[row] = end;
    if (names.isAscii(row)) {
      const bytes = names.bytesAt(row);
      for (let at = 0; at < bytes.length; at += 1, end += 1) {
        isSeen[bytes[at]!] = 1;
        codes[end] = bytes[at]!;
      }
    } else {
      for (const character of names.at(row).normalize('NFC')) {
        const code = character.codePointAt(0) ?? 0;
        characters.add(code);
        codes[end] = code;
        end += 1;
      }
    }
  }
  starts[rowCount] = end;
  isSeen.forEach((flag, code) => flag === 1 && characters.add(code));
  return { codes, starts, characters };
}

/** From 1 on; equal characters have equal ranks, and every digit has that of zero. */
function rankCharacters(
  characters: ReadonlySet<number>,
  compare: (a: string, b: string) => number,
): { readonly ranks: Uint16Array; readonly count: number } {
  const digits = Array.from({ length: 10 }, (_, digit) => zero + digit);
  const sorted = [...new Set([zero, ...[...characters].filter((code) => !digits.includes(code))])]
    .map((code) => ({ code, text: String.fromCodePoint(code) }))
    .sort((a, b) => compare(a.text, b.text) || a.code - b.code);
  const ranks = new Uint16Array(0x110000);
  let rank = 0;
  for (const [index, { code, text }] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (previous === undefined || compare(previous.text, text) !== 0) rank += 1;
    ranks[code] = rank;
  }
  for (const digit of digits) ranks[digit] = ranks[zero]!;
  return { ranks, count: rank };
}

interface KeyTarget {
  /** By code point. */
  readonly ranks: Uint16Array;
  readonly elements: Uint16Array;
  /** Where the key begins. */
  readonly end: number;
}

/** Answers where the key ends. */
function writeKey(codes: Uint32Array, { ranks, elements, end: start }: KeyTarget): number {
  let end = start;
  for (let at = 0; at < codes.length;) {
    const code = codes[at]!;
    elements[end] = ranks[code]!;
    end += 1;
    at += 1;
    if (!isDigit(code)) continue;
    let first = at - 1;
    while (at < codes.length && isDigit(codes[at]!)) at += 1;
    // Zeros in front do not count; of a number of zeros one stays.
    while (first < at - 1 && codes[first] === zero) first += 1;
    elements[end] = Math.min(mostDigits, at - first);
    end += 1;
    for (; first < at; first += 1) {
      elements[end] = codes[first]! - zero + 1;
      end += 1;
    }
  }
  return end;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}
