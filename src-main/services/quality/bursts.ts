/** What says that pictures were taken one after the other. */
export interface BurstImage {
  /** Path below the imported folder, forward slashes. */
  readonly source: string;
  /** Milliseconds by the camera's clock; null where the file does not say. */
  readonly capturedAt: number | null;
  /** Shared by the pictures of one burst of the camera page; null for others. */
  readonly burst: string | null;
}

/**
 * Chains of places whose pictures were taken one after the other: in one burst of the camera page, or in the same folder at most `seconds` apart by the camera's clock, or,
 * where a file says no time, with the next number in the name (IMG_0001, IMG_0002 …) and the same view.
 */
export function findBursts(
  images: readonly BurstImage[],
  seconds: number,
  isSameView: (a: number, b: number) => boolean,
): readonly (readonly number[])[] {
  const places = images.map((image, place) => ({ image, place, ...splitName(image.source) }));
  const folders = Map.groupBy(places, ({ folder }) => folder).values();
  const bursts = Map.groupBy(
    places.filter(({ image }) => image.burst !== null),
    ({ image }) => image.burst,
  );
  const ofCamera = [...bursts.values()].map((burst) => burst.map(({ place }) => place));
  const chains = [...folders].flatMap((folder) => [
    ...chain(
      folder
        .filter(({ image }) => image.capturedAt !== null)
        .sort((a, b) => (a.image.capturedAt ?? 0) - (b.image.capturedAt ?? 0) || a.place - b.place),
      (a, b) => (b.image.capturedAt ?? 0) - (a.image.capturedAt ?? 0) <= seconds * 1000,
    ),
    ...chain(
      folder
        .filter(({ number }) => number !== null)
        .sort((a, b) => compareText(a.stem, b.stem) || (a.number ?? 0) - (b.number ?? 0) || a.place - b.place),
      (a, b) =>
        a.stem === b.stem &&
        (b.number ?? 0) - (a.number ?? 0) === 1 &&
        (a.image.capturedAt === null || b.image.capturedAt === null) &&
        isSameView(a.place, b.place),
    ),
  ]);
  return [...ofCamera.filter((one) => one.length > 1), ...chains];
}

interface NamedPlace {
  readonly image: BurstImage;
  readonly place: number;
  readonly folder: string;
  readonly stem: string;
  /** The last number of the name; null without one. */
  readonly number: number | null;
}

function splitName(source: string): Pick<NamedPlace, 'folder' | 'stem' | 'number'> {
  const slash = source.lastIndexOf('/');
  const name = source.slice(slash + 1);
  const match = /^(.*?)(\d{1,15})\D*$/u.exec(name);
  return {
    folder: source.slice(0, Math.max(0, slash)),
    stem: match?.[1] ?? name,
    number: match ? Number(match[2]) : null,
  };
}

function chain(
  sorted: readonly NamedPlace[],
  follows: (a: NamedPlace, b: NamedPlace) => boolean,
): readonly (readonly number[])[] {
  const chains: number[][] = [];
  for (const [index, item] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before && follows(before, item)) chains.at(-1)?.push(item.place);
    else chains.push([item.place]);
  }
  return chains.filter((one) => one.length > 1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
