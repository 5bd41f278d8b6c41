import { splits, type Split } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { ClassKeys } from './class-keys.svelte.ts';
import type { DatasetState } from './dataset-state.svelte.ts';
import type { I18n } from './i18n.svelte.ts';
import type { Query, Router } from './router.svelte.ts';
import { RowSelection } from './row-selection.svelte.ts';
import { everyRow, type ImageTable } from './table/image-table.ts';

export const imageSorts = ['added', 'name', 'class', 'split', 'pixels'] as const;
export type ImageSort = (typeof imageSorts)[number];

/** What the grid shows: the query of the images page, so that reload and links bring the same pictures. */
export interface ImageFilter {
  readonly classId: ClassId | null;
  readonly label: 'yes' | 'no' | null;
  readonly split: Split | null;
  readonly name: string;
  readonly sort: ImageSort;
}

/** Which images are shown, in which order, and which are selected; the grid and the one-image view share it. */
export class ImagesView {
  readonly filter: ImageFilter = $derived.by(() => readFilter(this.#router.place.query));
  /** The rows of the images that are shown, in their order. */
  readonly rows: Uint32Array = $derived.by(() => this.#list(this.#dataset.table));
  readonly selected = new RowSelection();
  /** The image that the keys act from. */
  focused: ImageId | null = $state(null);
  /** Where a range selection starts. */
  anchor: ImageId | null = $state(null);
  /** Least width of a cell in pixels. */
  cellSizePx = $state(readNumber('graft.cellSize', 94));
  hasInspector = $state(localStorage.getItem('graft.inspector') !== 'no');
  readonly keys: ClassKeys;
  /** What the class field in the inspector holds; null while nobody types. */
  typed: string | null = $state(null);
  readonly #router: Router;
  readonly #dataset: DatasetState;
  readonly #i18n: I18n;

  constructor(router: Router, dataset: DatasetState, i18n: I18n) {
    this.#router = router;
    this.#dataset = dataset;
    this.#i18n = i18n;
    this.keys = new ClassKeys(dataset);
    dataset.onReplaced((before, after) => {
      const ids = Array.from(this.selected.rows(), (row) => before.idAt(row));
      this.selected.clear();
      this.selected.addAll(after.rowsOf(ids));
    });
  }

  /** Rows of the selected images that are shown, in the order of the grid; of the focused one when none is selected. */
  readonly targetRows: Uint32Array = $derived.by(() => {
    const chosen = this.selected.within(this.rows);
    if (chosen.length > 0 || this.focused === null) return chosen;
    return this.#dataset.table.rowsOf([this.focused]);
  });

  /** Where each row is among those shown, and −1. */
  readonly #places: Int32Array = $derived.by(() => {
    const places = new Int32Array(this.#dataset.table.count).fill(-1);
    this.rows.forEach((row, place) => {
      places[row] = place;
    });
    return places;
  });

  /** Where an image is among those shown; −1 when it is not. */
  placeOf(id: ImageId | string | null | undefined): number {
    const row = id == null ? -1 : this.#dataset.table.rowOf(id);
    return this.#places[row] ?? -1;
  }

  /** The image at a place among those shown. */
  idAt(place: number): ImageId | undefined {
    const row = this.rows[place];
    return row === undefined ? undefined : this.#dataset.table.idAt(row);
  }

  setFilter(part: Partial<Record<'class' | 'label' | 'split' | 'name' | 'sort', string | null>>): void {
    this.selected.clear();
    this.#router.setQuery(part);
  }

  /** The same pictures, for a link to another page of images. */
  readonly query: Query = $derived.by(() => {
    const { class: byClass, label, split, name, sort } = this.#router.place.query;
    return { class: byClass, label, split, name, sort };
  });

  setCellSize(sizePx: number): void {
    this.cellSizePx = sizePx;
    localStorage.setItem('graft.cellSize', String(sizePx));
  }

  toggleInspector(): void {
    this.hasInspector = !this.hasInspector;
    localStorage.setItem('graft.inspector', this.hasInspector ? 'yes' : 'no');
  }

  /** Selects only this image, and starts ranges from it. */
  selectOnly(id: ImageId): void {
    this.selected.clear();
    this.selected.addAll(this.#dataset.table.rowsOf([id]));
    this.focused = id;
    this.anchor = id;
  }

  toggle(id: ImageId): void {
    for (const row of this.#dataset.table.rowsOf([id])) this.selected.toggle(row);
    this.focused = id;
    this.anchor = id;
  }

  /** Selects everything between the anchor and this image. */
  selectTo(id: ImageId): void {
    const from = Math.max(0, this.placeOf(this.anchor));
    const to = this.placeOf(id);
    this.selected.clear();
    this.selected.addAll(this.rows.subarray(Math.min(from, to), Math.max(from, to) + 1));
    this.focused = id;
  }

  selectAll(): void {
    this.selected.addAll(this.rows);
  }

  #list(table: ImageTable): Uint32Array {
    const { classId, label, split, name, sort } = this.filter;
    const { columns } = table;
    const wanted = name.toLowerCase();
    const [classCode, noClass] = [classId === null ? 0 : columns.classId.codeOf(classId), columns.classId.codeOf(null)];
    const splitCode = split === null ? 0 : columns.split.codeOf(split);
    const rows = everyRow(table).filter(
      (row) =>
        (classId === null || columns.classId.codeAt(row) === classCode) &&
        (label === null || (label === 'yes') === (columns.classId.codeAt(row) !== noClass)) &&
        (split === null || columns.split.codeAt(row) === splitCode) &&
        (wanted === '' || columns.fileName.at(row).toLowerCase().includes(wanted)),
    );
    return sort === 'added' ? rows : rows.sort(this.#order(sort, table));
  }

  #order(sort: Exclude<ImageSort, 'added'>, { columns }: ImageTable): (a: number, b: number) => number {
    const byName = (a: number, b: number): number =>
      this.#i18n.compareNames(columns.fileName.at(a), columns.fileName.at(b));
    const rankOf = (row: number): number => this.#dataset.orderOf(columns.classId.at(row)) ?? -1;
    const pixels = (row: number): number => columns.width.at(row) * columns.height.at(row);
    switch (sort) {
      case 'name':
        return byName;
      case 'class':
        return (a, b) => rankOf(a) - rankOf(b) || byName(a, b);
      case 'split':
        return (a, b) => splits.indexOf(columns.split.at(a)) - splits.indexOf(columns.split.at(b)) || byName(a, b);
      case 'pixels':
        return (a, b) => pixels(b) - pixels(a) || byName(a, b);
    }
  }
}

function readFilter(query: Readonly<Record<string, string>>): ImageFilter {
  const label = query.label === 'yes' || query.label === 'no' ? query.label : null;
  return {
    // An id that no class has shows nothing, which is true.
    classId: (query.class as ClassId | undefined) ?? null,
    label,
    split: splits.find((split) => split === query.split) ?? null,
    name: query.name ?? '',
    sort: imageSorts.find((sort) => sort === query.sort) ?? 'added',
  };
}

function readNumber(key: string, fallback: number): number {
  const stored = Number(localStorage.getItem(key) ?? Number.NaN);
  return Number.isFinite(stored) ? stored : fallback;
}
