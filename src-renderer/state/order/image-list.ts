import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { ImageTable } from '../table/image-table.ts';
import { findText } from './find-text.ts';
import { imageFacets, readChoices, readRange, type ImageFacet, type ImageSource } from './image-facets.ts';
import { imageSorts, nameVersion, orderByName, type ImageSort } from './image-sorts.ts';

/** A query of the images page. */
export type ImageQuery = Readonly<Record<string, string | null | undefined>>;

interface Kept {
  readonly key: string;
  readonly rows: Uint32Array;
}

/**
 * The rows that a query asks for, in its order. What was worked out is kept for as long as the columns that it depends on
 * stay as they are, and then comes back as the same array: a label changes only lists that ask for labels.
 */
export class ImageList {
  #table: ImageTable | null = null;
  #tableNumber = 0;
  #byName: Kept | null = null;
  readonly #orders = new Map<string, Kept>();
  #list: Kept | null = null;

  rows(source: ImageSource, query: ImageQuery): Uint32Array {
    if (source.table !== this.#table) {
      this.#table = source.table;
      this.#tableNumber += 1;
    }
    const sort: ImageSort = imageSorts.find(({ id }) => id === query.sort) ?? imageSorts[0];
    const facets: readonly ImageFacet[] = imageFacets.filter(({ id }) => (query[id] ?? '') !== '');
    const asked = facets.map((facet) => `${facet.id}=${query[facet.id] ?? ''} ${versionOf(facet, source)}`);
    const isReversed = query.reverse === 'yes';
    const name = query.name ?? '';
    const named = name === '' ? '' : `${name} ${nameVersion(source)}`;
    const key = [this.#key(source, `${sort.id} ${sort.version(source)}`), isReversed, named, ...asked].join('\n');
    if (this.#list?.key === key) return this.#list.rows;
    let rows = this.#order(source, sort);
    for (const facet of facets) rows = rows.filter(testOf(facet, source, query[facet.id] ?? ''));
    if (name !== '') rows = findText(source.table.columns.fileName, rows, name);
    if (isReversed) rows = reverse(rows, sort.lacks?.(source));
    this.#list = { key, rows };
    return rows;
  }

  /** Works out the order by name, which several orders need, while nobody waits for it. */
  prepare(source: ImageSource): void {
    if (source.table === this.#table) this.#nameOrder(source);
  }

  #order(source: ImageSource, sort: ImageSort): Uint32Array {
    const key = this.#key(source, sort.version(source));
    const kept = this.#orders.get(sort.id);
    if (kept?.key === key) return kept.rows;
    const rows = sort.order(source, () => this.#nameOrder(source));
    this.#orders.set(sort.id, { key, rows });
    return rows;
  }

  #nameOrder(source: ImageSource): Uint32Array {
    const key = this.#key(source, nameVersion(source));
    if (this.#byName?.key !== key) this.#byName = { key, rows: orderByName(source) };
    return this.#byName.rows;
  }

  #key({ table }: ImageSource, version: string): string {
    return `${String(this.#tableNumber)} ${String(table.count)} ${version}`;
  }
}

/** Rows without a place in the order stay at the end. */
function reverse(rows: Uint32Array, lacks?: (row: number) => boolean): Uint32Array {
  const reversed = rows.toReversed();
  if (!lacks) return reversed;
  return Uint32Array.from([...reversed.filter((row) => !lacks(row)), ...rows.filter(lacks)]);
}

function versionOf(facet: ImageFacet, source: ImageSource): string {
  if (facet.kind !== 'choice') return String(facet.version(source));
  return `${String(facet.columnVersion?.(source) ?? 0)} ${String(facet.column(source)?.version ?? -1)}`;
}

function testOf(facet: ImageFacet, source: ImageSource, parameter: string): (row: number) => boolean {
  switch (facet.kind) {
    case 'choice': {
      const column = facet.column(source);
      if (!column) return () => false;
      const wanted = new Set(readChoices(parameter));
      const isWanted = new Uint8Array(column.codeCount);
      for (const [value] of column.counts()) {
        const parts = facet.partsOf?.(value) ?? (value === null ? [] : [value]);
        if (parts.some((part) => wanted.has(part))) isWanted[column.codeOf(value)] = 1;
      }
      return (row) => isWanted[column.codeAt(row)] === 1;
    }
    case 'flag': {
      const isTrue = facet.isTrueOf(source);
      return parameter === 'no' ? (row) => !isTrue(row) : isTrue;
    }
    case 'range': {
      const [range, valueOf] = [readRange(parameter), facet.valueOf(source)];
      if (!range) return () => true;
      return (row) => valueOf(row) >= range.least && valueOf(row) <= range.most;
    }
    default:
      return assertNever(facet);
  }
}
