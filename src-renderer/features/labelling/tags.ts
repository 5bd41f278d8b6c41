import type { ImageTable } from '../../state/table/image-table.ts';

/** The tags of these images, each with how many have it, in the order of their names. */
export function gatherTags({ columns: { tags } }: ImageTable, rows: Uint32Array): ReadonlyMap<string, number> {
  const byCode = new Map<number, number>();
  for (const row of rows) byCode.set(tags.codeAt(row), (byCode.get(tags.codeAt(row)) ?? 0) + 1);
  const seen = new Set<number>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const code = tags.codeAt(row);
    if (seen.has(code)) continue;
    seen.add(code);
    for (const tag of tags.at(row)?.split('\n') ?? [])
      counts.set(tag, (counts.get(tag) ?? 0) + (byCode.get(code) ?? 0));
    if (seen.size === byCode.size) break;
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every tag that an image has, in the order of their names, with how many have it. */
export function countTags({
  columns: { tags },
}: ImageTable): readonly { readonly value: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const [joined, count] of tags.counts()) {
    for (const tag of joined?.split('\n') ?? []) counts.set(tag, (counts.get(tag) ?? 0) + count);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => (a.value < b.value ? -1 : 1));
}
