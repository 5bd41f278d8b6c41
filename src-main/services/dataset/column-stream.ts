import { setImmediate as nextTurn } from 'node:timers/promises';
import { mostBlockRows } from '../../../src-shared/contract/dataset-stream.ts';
import type { ImageColumnSpec } from '../../../src-shared/domain/image-columns.ts';
import type { Cell } from '../../storage/image-reader.ts';
import { encodeBlock, encodeHead } from './encode-block.ts';

/** A head and then something of many images, column by column; other requests have their turn between the blocks. */
export async function* streamColumns<Name extends string, Item>(
  head: object,
  specs: Readonly<Record<Name, ImageColumnSpec>>,
  items: readonly Item[],
  cellsOf: Readonly<Record<Name, (item: Item) => Cell>>,
): AsyncGenerator<Uint8Array> {
  yield encodeHead(head);
  const columns = Object.entries<(item: Item) => Cell>(cellsOf) as [Name, (item: Item) => Cell][];
  for (let start = 0; start < items.length; start += mostBlockRows) {
    const block = items.slice(start, start + mostBlockRows);
    yield encodeBlock(new Map(columns.map(([name, cellOf]) => [name, block.map(cellOf)])), block.length, specs);
    await nextTurn();
  }
}
