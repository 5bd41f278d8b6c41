import type { ImageId } from '../../src-shared/domain/ids.ts';
import { ClassKeys } from './class-keys.svelte.ts';
import { GoingOn } from './going-on.svelte.ts';
import type { DatasetState } from './dataset-state.svelte.ts';
import type { I18n } from './i18n.svelte.ts';
import {
  imageFacets,
  readChoices,
  readRange,
  writeChoices,
  type FacetId,
  type ImageSource,
} from './order/image-facets.ts';
import { ImageList } from './order/image-list.ts';
import { imageSorts, type ImageSortId } from './order/image-sorts.ts';
import type { Query, Router } from './router.svelte.ts';
import { RowSelection } from './row-selection.svelte.ts';

/** What the address of the images page may say: the facets by their ids, and these. */
const otherParameters = ['name', 'sort', 'reverse', 'by', 'like'] as const;

/** What orders and filters need besides the images themselves. */
type FromModels = { readonly [Name in 'queue' | 'judged' | 'similar']: () => NonNullable<ImageSource[Name]> | null };

/** Which images are shown, in which order, and which are selected; the grid and the one-image view share it. */
export class ImagesView {
  /** What the page's address asks for, so that reload and links bring the same pictures. */
  readonly query: Query = $derived.by(() => {
    const { query } = this.#router.place;
    const names = [...imageFacets.map(({ id }) => id), ...otherParameters];
    return Object.fromEntries(names.map((name) => [name, query[name]]));
  });
  /** The rows of the images that are shown, in their order. */
  readonly rows: Uint32Array = $derived.by(() => this.#list.rows(this.#source(), this.query));
  readonly sort: ImageSortId = $derived.by(() => imageSorts.find(({ id }) => id === this.query.sort)?.id ?? 'added');
  readonly isReversed = $derived.by(() => this.query.reverse === 'yes');
  /** What file names must contain. */
  readonly name: string = $derived.by(() => this.query.name ?? '');
  readonly isFiltered: boolean = $derived.by(
    () => this.name !== '' || imageFacets.some(({ id }) => (this.query[id] ?? '') !== ''),
  );
  /** True when what is shown, or in which order, depends on what a model says of images. */
  readonly asksJudge: boolean = $derived.by(
    () =>
      imageFacets.some(({ id, needs }) => needs === 'judge' && (this.query[id] ?? '') !== '') || isByJudge(this.sort),
  );
  readonly selected = new RowSelection();
  /** The image that the keys act from. */
  focused: ImageId | null = $state(null);
  /** The images that were selected when they were asked for in the grid. */
  #chosen: { readonly version: number; readonly rows: Uint32Array } = $state.raw({
    version: 0,
    rows: new Uint32Array(),
  });
  /** Where a range selection starts. */
  anchor: ImageId | null = $state(null);
  /** Least width of a cell in pixels. */
  cellSizePx = $state(readNumber('graft.cellSize', 94));
  hasInspector = $state(localStorage.getItem('graft.inspector') !== 'no');
  readonly keys: ClassKeys;
  readonly goingOn = new GoingOn();
  /** What the class field in the inspector holds; null while nobody types. */
  typed: string | null = $state(null);
  readonly #router: Router;
  readonly #dataset: DatasetState;
  readonly #i18n: I18n;
  readonly #fromModels: FromModels;
  readonly #list = new ImageList();
  #places: { readonly rows: Uint32Array; readonly places: Int32Array } | null = null;

  constructor(router: Router, dataset: DatasetState, i18n: I18n, fromModels: FromModels = noModels) {
    this.#router = router;
    this.#dataset = dataset;
    this.#i18n = i18n;
    this.#fromModels = fromModels;
    this.keys = new ClassKeys(dataset);
    dataset.onReplaced((before, after) => {
      const ids = Array.from(this.selected.rows(), (row) => before.idAt(row));
      this.selected.clear();
      this.selected.addAll(after.rowsOf(ids));
      const chosen = Array.from(this.#chosen.rows, (row) => before.idAt(row));
      this.#chosen = { version: this.#chosen.version + 1, rows: after.rowsOf(chosen) };
    });
  }

  /** Rows of the selected images that are shown, in the order of the grid; of the focused one when none is selected. */
  readonly targetRows: Uint32Array = $derived.by(() => {
    const chosen = this.selected.within(this.rows);
    if (chosen.length > 0 || this.focused === null) return chosen;
    return this.#dataset.table.rowsOf([this.focused]);
  });

  /** Where an image is among those shown; −1 when it is not. */
  placeOf(id: string | null | undefined): number {
    const row = id == null ? -1 : this.#dataset.table.rowOf(id);
    return row === -1 ? -1 : (this.#placesOf(this.rows)[row] ?? -1);
  }

  /** The image at a place among those shown. */
  idAt(place: number): ImageId | undefined {
    const row = this.rows[place];
    return row === undefined ? undefined : this.#dataset.table.idAt(row);
  }

  /** The id of an image that is there, by what an address says. */
  imageOf(id: string | null | undefined): ImageId | undefined {
    const row = id == null ? -1 : this.#dataset.table.rowOf(id);
    return row === -1 ? undefined : this.#dataset.table.idAt(row);
  }

  /** The values that a facet asks for. */
  choices(facet: FacetId): readonly string[] {
    return readChoices(this.query[facet] ?? undefined);
  }

  /** Asks for a value alone, or ('more') beside those that are asked for; what is asked for already is not any more. */
  toggleChoice(facet: FacetId, value: string, how: 'alone' | 'more'): void {
    const asked = this.choices(facet);
    const others = how === 'alone' ? [] : asked.filter((one) => one !== value);
    const isOn = asked.includes(value) && (how === 'more' || asked.length === 1);
    this.setFilter({ [facet]: writeChoices(isOn ? others : [...others, value]) });
  }

  range(facet: FacetId): ReturnType<typeof readRange> {
    return readRange(this.query[facet] ?? undefined);
  }

  setFilter(part: Partial<Record<FacetId | (typeof otherParameters)[number], string | null>>): void {
    this.selected.clear();
    this.#router.setQuery(part);
  }

  /** Asks for exactly this. */
  show(query: Readonly<Record<string, string>>): void {
    const names = [...imageFacets.map(({ id }) => id), ...otherParameters];
    this.setFilter(Object.fromEntries(names.map((name) => [name, query[name] ?? null])));
  }

  /** Orders all images by how like one they are, until another order is asked for. */
  showSimilar(id: ImageId): void {
    this.showAll();
    this.setFilter({ sort: 'similar', like: id, reverse: null });
  }

  /** The grid's address with the images that are selected now first. */
  chosenFirst(): Query {
    const rows = this.selected.rows();
    this.#chosen = { version: this.#chosen.version + 1, rows };
    this.focused = rows[0] === undefined ? null : this.#dataset.table.idAt(rows[0]);
    return { sort: 'chosen' };
  }

  setSort(sort: ImageSortId): void {
    this.setFilter({ sort: sort === 'added' ? null : sort, like: null });
  }

  /** Shows all images; the order stays. */
  showAll(): void {
    this.setFilter(Object.fromEntries([...imageFacets.map(({ id }) => id), 'name'].map((name) => [name, null])));
  }

  /** Works out while nobody waits what orders need. */
  prepare(): void {
    this.#list.prepare(this.#source());
  }

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

  #source(): ImageSource {
    const { table, classes, labelling } = this.#dataset;
    return {
      table,
      isMultiLabel: labelling === 'multi-label',
      compareNames: this.#i18n.compareNames,
      orderOf: (classId) => this.#dataset.orderOf(classId),
      version: `${this.#i18n.language} ${classes.map(({ id }) => id).join(' ')}`,
      queue: this.sort === 'useful' ? this.#fromModels.queue() : null,
      judged: this.asksJudge ? this.#fromModels.judged() : null,
      chosen: this.sort === 'chosen' ? this.#chosen : null,
      similar: this.sort === 'similar' ? this.#fromModels.similar() : null,
    };
  }

  /** Where each row is among these; kept for the last rows that were asked about. */
  #placesOf(rows: Uint32Array): Int32Array {
    if (this.#places?.rows === rows) return this.#places.places;
    const places = new Int32Array(rows.reduce((most, row) => Math.max(most, row + 1), 0)).fill(-1);
    rows.forEach((row, place) => {
      places[row] = place;
    });
    this.#places = { rows, places };
    return places;
  }
}

const noModels: FromModels = { queue: () => null, judged: () => null, similar: () => null };

function isByJudge(sort: ImageSortId): boolean {
  return imageSorts.some(({ id, needs }) => id === sort && needs === 'judge');
}

function readNumber(key: string, fallback: number): number {
  const stored = Number(localStorage.getItem(key) ?? Number.NaN);
  return Number.isFinite(stored) ? stored : fallback;
}
