import type { NameKeys } from './name-keys.ts';

/** Below this many rows comparing is faster than counting. */
const fewRows = 64;

/** The rows by a number, smallest first; equal ones stay in their order, those without a number come last. */
export function sortByNumber(rows: Uint32Array, valueOf: (row: number) => number, isDown: boolean): Uint32Array {
  const bits = new BigUint64Array(rows.length);
  const halves = new Uint16Array(bits.buffer);
  const numbers = new Float64Array(bits.buffer);
  rows.forEach((row, index) => {
    const value = valueOf(row);
    numbers[index] = Number.isNaN(value) ? Infinity : isDown ? -value : value;
  });
  // As numbers without a sign the bits of doubles are in order, once negative ones are turned over.
  for (let index = 0; index < rows.length; index += 1) {
    const isNegative = halves[4 * index + 3]! >= 0x8000;
    halves[4 * index + 3]! ^= isNegative ? 0xffff : 0x8000;
    for (let half = 0; isNegative && half < 3; half += 1) halves[4 * index + half]! ^= 0xffff;
  }
  let order: Uint32Array<ArrayBuffer> = Uint32Array.from(rows.keys());
  for (let half = 0; half < 4; half += 1) order = countingSort(order, (index) => halves[4 * index + half]!, 0x10000);
  return order.map((index) => rows[index]!);
}

/** The rows by a small whole number below `keyCount`; equal ones stay in their order. */
export function countingSort(
  rows: Uint32Array<ArrayBuffer>,
  keyOf: (row: number) => number,
  keyCount: number,
): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(keyCount + 1);
  for (const row of rows) starts[keyOf(row) + 1]! += 1;
  // All alike: nothing to do, and half of the passes over usual numbers are like that.
  if (rows.length > 0 && starts[keyOf(rows[0]!) + 1] === rows.length) return rows;
  for (let key = 0; key < keyCount; key += 1) starts[key + 1]! += starts[key]!;
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) {
    const key = keyOf(row);
    sorted[starts[key]!] = row;
    starts[key]! += 1;
  }
  return sorted;
}

/** All rows by their keys; equal ones by row. */
export function sortByKeys(rowCount: number, keys: NameKeys): Uint32Array {
  const rows = new Uint32Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) rows[row] = row;
  const scratch = new Uint32Array(rowCount);
  const open: [start: number, end: number, depth: number][] = [[0, rowCount, 0]];
  for (let run = open.pop(); run; run = open.pop()) {
    const [start, end, depth] = run;
    if (end - start <= fewRows) {
      rows.subarray(start, end).sort((a, b) => compareKeys(keys, a, b, depth) || a - b);
      continue;
    }
    open.push(...splitRun(rows, scratch, keys, run));
  }
  return rows;
}

/** Sorts a run by the element at its depth and answers the runs within that are still alike. */
function splitRun(
  rows: Uint32Array,
  scratch: Uint32Array,
  keys: NameKeys,
  [start, end, depth]: [start: number, end: number, depth: number],
): [number, number, number][] {
  const starts = new Uint32Array(keys.elementCount + 1);
  for (let at = start; at < end; at += 1) starts[elementAt(keys, rows[at]!, depth) + 1]! += 1;
  for (let element = 0; element < keys.elementCount; element += 1) starts[element + 1]! += starts[element]!;
  const runs: [number, number, number][] = [];
  for (let element = 1; element < keys.elementCount; element += 1) {
    const [first, next] = [starts[element]!, starts[element + 1]!];
    if (next - first > 1) runs.push([start + first, start + next, depth + 1]);
  }
  for (let at = start; at < end; at += 1) {
    const row = rows[at]!;
    const element = elementAt(keys, row, depth);
    scratch[start + starts[element]!] = row;
    starts[element]! += 1;
  }
  rows.set(scratch.subarray(start, end), start);
  return runs;
}

/** 0 at the end of a key, which is before everything else. */
function elementAt({ elements, starts }: NameKeys, row: number, depth: number): number {
  const at = starts[row]! + depth;
  return at < starts[row + 1]! ? elements[at]! : 0;
}

function compareKeys(keys: NameKeys, a: number, b: number, from: number): number {
  for (let depth = from; ; depth += 1) {
    const [elementA, elementB] = [elementAt(keys, a, depth), elementAt(keys, b, depth)];
    if (elementA !== elementB) return elementA - elementB;
    if (elementA === 0) return 0;
  }
}
