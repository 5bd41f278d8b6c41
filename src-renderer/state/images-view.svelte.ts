import { SvelteSet } from 'svelte/reactivity';
import { splits, type DatasetImage, type Split } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { ClassKeys } from './class-keys.svelte.ts';
import type { DatasetState } from './dataset-state.svelte.ts';
import type { I18n } from './i18n.svelte.ts';
import type { Query, Router } from './router.svelte.ts';

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
  readonly shown: readonly DatasetImage[] = $derived.by(() => this.#list());
  readonly selected = new SvelteSet<ImageId>();
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
  }

  /** The selected images that are there, in the order of the grid; the focused one when none is selected. */
  readonly targets: readonly DatasetImage[] = $derived.by(() => {
    const chosen = this.shown.filter(({ id }) => this.selected.has(id));
    if (chosen.length > 0) return chosen;
    const focused = this.focused === null ? undefined : this.#dataset.imageById.get(this.focused);
    return focused ? [focused] : [];
  });

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
    this.selected.add(id);
    this.focused = id;
    this.anchor = id;
  }

  toggle(id: ImageId): void {
    if (!this.selected.delete(id)) this.selected.add(id);
    this.focused = id;
    this.anchor = id;
  }

  /** Selects everything between the anchor and this image. */
  selectTo(id: ImageId): void {
    const ids = this.shown.map((image) => image.id);
    const from = Math.max(0, this.anchor === null ? 0 : ids.indexOf(this.anchor));
    const to = ids.indexOf(id);
    this.selected.clear();
    for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) this.selected.add(one);
    this.focused = id;
  }

  selectAll(): void {
    for (const { id } of this.shown) this.selected.add(id);
  }

  #list(): readonly DatasetImage[] {
    const { classId, label, split, name, sort } = this.filter;
    const wanted = name.toLowerCase();
    const images = this.#dataset.images.filter(
      (image) =>
        (classId === null || image.classId === classId) &&
        (label === null || (label === 'yes') === (image.classId !== null)) &&
        (split === null || image.split === split) &&
        (wanted === '' || image.fileName.toLowerCase().includes(wanted)),
    );
    return sort === 'added' ? images : images.toSorted(this.#order(sort));
  }

  #order(sort: Exclude<ImageSort, 'added'>): (a: DatasetImage, b: DatasetImage) => number {
    const byName = (a: DatasetImage, b: DatasetImage): number => this.#i18n.compareNames(a.fileName, b.fileName);
    const rankOf = (image: DatasetImage): number =>
      image.classId === null ? -1 : (this.#dataset.classById.get(image.classId)?.order ?? -1);
    switch (sort) {
      case 'name':
        return byName;
      case 'class':
        return (a, b) => rankOf(a) - rankOf(b) || byName(a, b);
      case 'split':
        return (a, b) => splits.indexOf(a.split) - splits.indexOf(b.split) || byName(a, b);
      case 'pixels':
        return (a, b) => b.width * b.height - a.width * a.height || byName(a, b);
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
