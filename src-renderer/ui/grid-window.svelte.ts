/** Taller elements are cut off by browsers; the scroll bar then stands for more than it is long. */
const mostCanvasPx = 8_000_000;
/** Rows kept above and below the ones in view, as long as that is not too many cells. */
const spareRows = 2;
const mostCells = 200;
/** A scroll by more than so many heights of the window within one event jumps; less moves by as much as was scrolled. */
const jumpHeights = 2;
/** This long after the last jump the pictures that stand still are asked for. */
const restMs = 90;

interface GridSize {
  readonly rowCount: number;
  readonly columns: number;
  readonly rowPx: number;
  /** Above the first and below the last row. */
  readonly paddingPx: number;
  readonly heightPx: number;
}

const noSize: GridSize = { rowCount: 0, columns: 1, rowPx: 1, paddingPx: 0, heightPx: 0 };

/** Which rows of a long grid are in the page, of rows of one height, and where they stand. Any number of rows can be reached. */
export class GridWindow {
  #size: GridSize = $state.raw(noSize);
  /** Of the whole grid, at the upper edge of the window. */
  #topPx = $state(0);
  /** Where the element stands; the same as `#topPx` unless the grid is too tall for an element. */
  scrollPx = $state(0);
  /** True while it jumps: pictures that would be gone before they came are not asked for. */
  isRushing = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #totalPx = $derived(this.#size.rowCount * this.#size.rowPx + 2 * this.#size.paddingPx);
  readonly canvasPx = $derived(Math.min(mostCanvasPx, this.#totalPx));

  /** The first row in the page and the one after the last. */
  readonly rows: { readonly first: number; readonly end: number } = $derived.by(() => {
    const { rowCount, columns, rowPx, paddingPx, heightPx } = this.#size;
    const first = Math.max(0, Math.floor((this.#topPx - paddingPx) / rowPx));
    const end = Math.min(rowCount, Math.ceil((this.#topPx + heightPx - paddingPx) / rowPx));
    const spare = Math.max(0, Math.min(spareRows, Math.floor((mostCells / columns - (end - first)) / 2)));
    return { first: Math.max(0, first - spare), end: Math.min(rowCount, end + spare) };
  });

  /** Where the first row in the page is, from the upper edge of the element. */
  readonly offsetPx = $derived(this.rows.first * this.#size.rowPx + this.#size.paddingPx + this.scrollPx - this.#topPx);

  /** Takes another size; the row at the upper edge stays there. The element then has to scroll to `scrollPx`. */
  resize(size: GridSize): void {
    const { paddingPx, rowPx } = this.#size;
    const row = (this.#topPx - paddingPx) / rowPx;
    const isAtTop = this.#topPx <= paddingPx;
    this.#size = size;
    this.#moveTo(isAtTop ? this.#topPx : row * size.rowPx + size.paddingPx);
  }

  /** The element was scrolled to here. */
  scrolled(scrollPx: number): void {
    const movedPx = scrollPx - this.scrollPx;
    if (movedPx === 0) return;
    const isJump = Math.abs(movedPx) > jumpHeights * this.#size.heightPx;
    this.scrollPx = scrollPx;
    if (this.canvasPx === this.#totalPx) this.#topPx = scrollPx;
    else this.#topPx = this.#clamp(isJump ? scrollPx * this.#ratio() : this.#topPx + movedPx);
    if (!isJump) return;
    this.isRushing = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isRushing = false;
    }, restMs);
  }

  /** Lets the scroll bar say where the grid is, from which it may have drifted by small steps; the element then has to scroll to `scrollPx`. */
  settle(): void {
    this.#moveTo(this.#topPx);
  }

  /** Brings a row into view; the element then has to scroll to `scrollPx`. */
  reveal(row: number): void {
    const { rowPx, paddingPx, heightPx } = this.#size;
    const startPx = row * rowPx;
    const endPx = startPx + rowPx + 2 * paddingPx;
    if (startPx < this.#topPx) this.#moveTo(startPx);
    else if (endPx > this.#topPx + heightPx) this.#moveTo(endPx - heightPx);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #moveTo(topPx: number): void {
    this.#topPx = this.#clamp(topPx);
    this.scrollPx = this.canvasPx === this.#totalPx ? this.#topPx : Math.round(this.#topPx / this.#ratio());
  }

  /** Pixels of the grid to one of the scroll bar. */
  #ratio(): number {
    return (this.#totalPx - this.#size.heightPx) / (this.canvasPx - this.#size.heightPx);
  }

  #clamp(topPx: number): number {
    return Math.max(0, Math.min(topPx, this.#totalPx - this.#size.heightPx));
  }
}
