import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { DictionaryColumn } from '../table/dictionary-column.ts';
import { classChoicesOf } from '../table/label-sets.ts';
import type { ImageTable } from '../table/image-table.ts';
import type { JudgedImages, SimilarImages } from '../table/judged-images.ts';

/** What images are filtered and sorted by. */
export interface ImageSource {
  readonly table: ImageTable;
  /** Name order, as the person's language has it. */
  readonly compareNames: (a: string, b: string) => number;
  /** A class's place among all; null for none. */
  readonly orderOf: (classId: ClassId | null) => number | null;
  /** Images have any number of classes, in the column `labels`. */
  readonly isMultiLabel: boolean;
  /** Rises when `orderOf` or `compareNames` change. */
  readonly version: string;
  /** Images without a label, most useful first. */
  readonly queue?: ImageQueue | null;
  /** What a model says of images. */
  readonly judged?: JudgedImages | null;
  /** Rows that were chosen elsewhere, to be shown first. */
  readonly chosen?: { readonly version: number; readonly rows: Uint32Array } | null;
  /** How like one image the others are. */
  readonly similar?: SimilarImages | null;
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
  /** It asks what a model says, and is there only where one has judged images. */
  readonly needs: 'judge' | null;
}

/** Images with one of several values. */
export interface ChoiceFacet extends FacetCommon {
  readonly kind: 'choice';
  /** Null where there is none at the moment: no image has any value then. */
  readonly column: (source: ImageSource) => DictionaryColumn<string | null> | null;
  /** Rises when another column takes the place of this one. */
  readonly columnVersion?: (source: ImageSource) => number;
  /** The single values of what a column holds, where that may be several at once. */
  readonly partsOf?: (value: string | null) => readonly string[];
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
  readonly version: (source: ImageSource) => number | string;
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
    needs: null,
    version: (source) => labelsOf(source).version,
    isTrueOf: (source) => {
      const labels = labelsOf(source);
      const none = labels.codeOf(null);
      return (row) => labels.codeAt(row) !== none;
    },
  },
  {
    kind: 'choice',
    id: 'class',
    title: 'images.class',
    needs: null,
    column: labelsOf,
    partsOf: classChoicesOf,
  },
  { kind: 'choice', id: 'split', title: 'images.split', needs: null, column: ({ table }) => table.columns.split },
  { kind: 'choice', id: 'mark', title: 'labelling.mark', needs: null, column: ({ table }) => table.columns.mark },
  { kind: 'choice', id: 'folder', title: 'images.folder', needs: null, column: ({ table }) => table.columns.folder },
  { kind: 'choice', id: 'format', title: 'images.format', needs: null, column: ({ table }) => table.columns.format },
  {
    kind: 'choice',
    id: 'tag',
    title: 'labelling.tags',
    needs: null,
    column: ({ table }) => table.columns.tags,
    partsOf: (tags) => tags?.split('\n') ?? [],
  },
  {
    kind: 'choice',
    id: 'predicted',
    title: 'model.predicted',
    needs: 'judge',
    column: ({ judged }) => judged?.columns.predicted ?? null,
    columnVersion: ({ judged }) => judged?.version ?? 0,
  },
  {
    kind: 'flag',
    id: 'disagree',
    title: 'model.disagrees',
    needs: 'judge',
    version: ({ table, judged }) => `${String(judged?.version ?? 0)} ${String(table.columns.classId.version)}`,
    isTrueOf: ({ table, judged }) => judged?.disagreement(table) ?? (() => false),
  },
  {
    kind: 'range',
    id: 'side',
    title: 'images.shorterSide',
    needs: null,
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
    needs: null,
    version: ({ table }) => table.columns.sizeBytes.version,
    valueOf: ({ table }) => {
      const { sizeBytes } = table.columns;
      return (row) => sizeBytes.at(row);
    },
  },
] as const satisfies readonly ImageFacet[];

function labelsOf({ table, isMultiLabel }: ImageSource): DictionaryColumn<string | null> {
  return isMultiLabel ? table.columns.labels : table.columns.classId;
}

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
