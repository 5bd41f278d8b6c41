/**
 * Makes something of each item, in order, with up to `ahead` makings under way before they are asked for.
 *
 * The bound keeps memory flat when the maker is faster than the taker. A failed making rejects when its turn comes.
 */
export async function* prefetch<Item, Made>(
  items: Iterable<Item>,
  ahead: number,
  make: (item: Item) => Promise<Made>,
): AsyncGenerator<Made, void> {
  const underWay: Promise<Made>[] = [];
  const left = items[Symbol.iterator]();
  const fill = (): void => {
    while (underWay.length < ahead) {
      const item = left.next();
      if (item.done === true) return;
      const making = make(item.value);
      // Its turn may never come when the taker stops early; the rejection must not take the process down then.
      making.catch(() => undefined);
      underWay.push(making);
    }
  };
  fill();
  for (let first = underWay.shift(); first; first = underWay.shift()) {
    fill();
    yield await first;
  }
}

const aheadBytes = 128e6;
const fewestAhead = 2;
const mostAhead = 8;

/** How many batches of this size to make ahead: as many as 128 MB hold, but always enough that the makers have work while one is taken. */
export function batchesAhead(batchBytes: number): number {
  return Math.max(fewestAhead, Math.min(mostAhead, Math.floor(aheadBytes / batchBytes)));
}

/** Passes everything on, and tells how long the taker waited for each, in milliseconds. */
export async function* timeWaits<Item>(
  source: AsyncIterable<Item>,
  tell: (milliseconds: number) => void,
): AsyncGenerator<Item, void> {
  let askedMs = performance.now();
  for await (const item of source) {
    tell(performance.now() - askedMs);
    yield item;
    askedMs = performance.now();
  }
}

/** Cuts a list into pieces of `size`; the last one may be shorter. */
export function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
