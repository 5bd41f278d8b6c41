/**
 * Makes something of each item, in order, with up to `ahead` makings under way before they are asked for.
 *
 * The bound keeps memory flat when the maker is faster than the taker. A failed making rejects when its turn comes.
 */
export async function* prefetch<Item, Made>(
  items: readonly Item[],
  ahead: number,
  make: (item: Item) => Promise<Made>,
): AsyncGenerator<Made> {
  const underWay: Promise<Made>[] = [];
  let next = 0;
  const fill = (): void => {
    for (; next < items.length && underWay.length < ahead; next += 1) {
      const item = items[next];
      if (item === undefined) continue;
      const making = make(item);
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

/** Cuts a list into pieces of `size`; the last one may be shorter. */
export function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
