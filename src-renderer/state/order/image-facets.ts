import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { DictionaryColumn } from '../table/dictionary-column.ts';
import type { ImageTable } from '../table/image-table.ts';

/** What images are filtered and sorted by. */
export interface ImageSource {
  readonly table: ImageTable;
  /** Name order, as the person's language has it. */
  readonly compareNames: (a: string, b: string) => number;
  /** A class's place among all; null for none. */
  readonly orderOf: (classId: ClassId | null) => number | null;
  /** Rises when `orderOf` or `compareNames` change. */
  readonly version: string;
  /** Images without a label, most useful first. */
  readonly queue?: ImageQueue;
}

/** An order of some images that core made; another one has another version. */
export interface ImageQueue {
  readonly version: number;
  readonly imageIds: readonly ImageId[];
}

interface FacetCommon {
  /** Also its name in the page's address. */
  readonly id: string;
  readonly title: MessageKey;
}

/** Images with one of several values. */
export interface ChoiceFacet extends FacetCommon {
  readonly kind: 'choice';
  readonly column: (source: ImageSource) => DictionaryColumn<string | null>;
}

/** Images with a number between two, both included. */
export interface RangeFacet extends FacetCommon {
  readonly kind: 'range';
  /** Rises when a number changes. */
  readonly version: (source: ImageSource) => number;
  readonly valueOf: (source: ImageSource) => (row: number) => number;
}

/** Images that something is true of ('yes'), or not ('no'). */
export interface FlagFacet extends FacetCommon {
  readonly kind: 'flag';
  readonly version: (source: ImageSource) => number;
  readonly isTrueOf: (source: ImageSource) => (row: number) => boolean;
}

export type ImageFacet = ChoiceFacet | RangeFacet | FlagFacet;

/**
 * Everything that images are filtered by, besides their name. A further entry here is known to the address, to saved views
 * and to the toolbar's words; FacetPanel and FilterMenu show what belongs to them.
 */
export const imageFacets = [
  {
    kind: 'flag',
    id: 'label',
    title: 'images.labelled',
    version: ({ table }) => table.columns.classId.version,
    isTrueOf: ({ table }) => {
      const { classId } = table.columns;
      const none = classId.codeOf(null);
      return (row) => classId.codeAt(row) !== none;
    },
  },
  { kind: 'choice', id: 'class', title: 'images.class', column: ({ table }) => table.columns.classId },
  { kind: 'choice', id: 'split', title: 'images.split', column: ({ table }) => table.columns.split },
  { kind: 'choice', id: 'mark', title: 'labelling.mark', column: ({ table }) => table.columns.mark },
  { kind: 'choice', id: 'folder', title: 'images.folder', column: ({ table }) => table.columns.folder },
  { kind: 'choice', id: 'format', title: 'images.format', column: ({ table }) => table.columns.format },
  {
    kind: 'range',
    id: 'side',
    title: 'images.shorterSide',
    version: ({ table }) => table.columns.width.version + table.columns.height.version,
    valueOf: ({ table }) => {
      const { width, height } = table.columns;
      return (row) => Math.min(width.at(row), height.at(row));
    },
  },
  {
    kind: 'range',
    id: 'bytes',
    title: 'images.fileSize',
    version: ({ table }) => table.columns.sizeBytes.version,
    valueOf: ({ table }) => {
      const { sizeBytes } = table.columns;
      return (row) => sizeBytes.at(row);
    },
  },
] as const satisfies readonly ImageFacet[];

export type FacetId = (typeof imageFacets)[number]['id'];

/** The values that an address names; they are written so that commas part them. */
export function readChoices(parameter: string | undefined): readonly string[] {
  return parameter === undefined || parameter === '' ? [] : parameter.split(',').map(decodeURIComponent);
}

export function writeChoices(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.map(encodeURIComponent).join(',');
}

/** The ends of a range that an address names as "least-most", of which one may be left out; null for no range. */
export function readRange(parameter: string | undefined): { readonly least: number; readonly most: number } | null {
  const parts = /^(\d*)-(\d*)$/.exec(parameter ?? '');
  if (!parts) return null;
  const [, least = '', most = ''] = parts;
  return { least: least === '' ? 0 : Number(least), most: most === '' ? Infinity : Number(most) };
}
