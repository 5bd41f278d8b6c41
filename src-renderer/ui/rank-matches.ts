/** Items whose name contains the text: those that start with it first, then those with a word that does, then the rest. */
export function rankMatches<Item>(
  items: readonly Item[],
  text: string,
  nameOf: (item: Item) => string,
): readonly Item[] {
  const wanted = fold(text.trim());
  if (wanted === '') return items;
  const ranked: [Item[], Item[], Item[]] = [[], [], []];
  for (const item of items) {
    const at = matchAt(nameOf(item), wanted);
    if (at) ranked[at.rank].push(item);
  }
  return ranked.flat();
}

/** Where a text matches a name, best place first; null when it does not. */
export function findMatch(name: string, text: string): { readonly start: number; readonly end: number } | null {
  const wanted = fold(text.trim());
  const at = wanted === '' ? null : matchAt(name, wanted);
  return at && { start: at.start, end: at.start + wanted.length };
}

function matchAt(name: string, wanted: string): { readonly rank: 0 | 1 | 2; readonly start: number } | null {
  const folded = fold(name);
  if (folded.startsWith(wanted)) return { rank: 0, start: 0 };
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
    if (/[^\p{L}\p{N}]/u.test(folded[at - 1] ?? '')) return { rank: 1, start: at };
  }
  const anywhere = folded.indexOf(wanted);
  return anywhere === -1 ? null : { rank: 2, start: anywhere };
}

/** Case does not matter; the length must stay, so that places in the folded text are places in the name. */
function fold(text: string): string {
  return text.toLowerCase();
}
