/** Something with the names on the way to it, its own last. */
interface Placed {
  readonly segments: readonly string[];
}

/**
 * Finds what a list means by a path. Lists say more of the way than a folder has, or less: two ways mean the same when the
 * shorter is the end of the longer. Case, Unicode form and the direction of slashes make no difference, and a name without an
 * ending means the file of that name. Where two files fit equally well, neither is meant.
 */
export class FileIndex<T extends Placed> {
  readonly #byName = new Map<string, { readonly way: readonly string[]; readonly item: T }[]>();

  constructor(items: Iterable<T>) {
    for (const item of items) {
      const way = item.segments.map(normalize);
      const name = way.at(-1) ?? '';
      const stem = withoutEnding(name);
      for (const key of stem === name ? [name] : [name, `${stem}/`]) {
        const list = this.#byName.get(key);
        if (list) list.push({ way, item });
        else this.#byName.set(key, [{ way, item }]);
      }
    }
  }

  find(path: string): T | undefined {
    const way = path
      .split(/[\\/]/)
      .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
      .map(normalize);
    const name = way.at(-1);
    if (name === undefined) return undefined;
    return best(this.#byName.get(name) ?? [], way) ?? best(this.#byName.get(`${name}/`) ?? [], way);
  }
}

function best<T>(
  candidates: readonly { readonly way: readonly string[]; readonly item: T }[],
  way: readonly string[],
): T | undefined {
  let found: { common: number; item: T; isAlone: boolean } | undefined;
  for (const candidate of candidates) {
    const common = countCommon(candidate.way.slice(0, -1), way.slice(0, -1));
    if (common === null || (found && common < found.common)) continue;
    found = { common, item: candidate.item, isAlone: found === undefined || common > found.common };
  }
  return found?.isAlone === true ? found.item : undefined;
}

/** How many folders two ways have in common from their ends; null when they part before the shorter ends. */
function countCommon(a: readonly string[], b: readonly string[]): number | null {
  const length = Math.min(a.length, b.length);
  for (let back = 1; back <= length; back += 1) if (a.at(-back) !== b.at(-back)) return null;
  return length;
}

function normalize(segment: string): string {
  return segment.normalize('NFC').toLowerCase();
}

function withoutEnding(name: string): string {
  return name.replace(/\.[a-z0-9]{2,5}$/, '');
}
