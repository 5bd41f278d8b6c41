/**
 * What stands at `{}` in a file name, by a pattern such as `patient-{}-*.jpg`; null when the name does not match. `*` stands for any text,
 * also none, `{}` for at least one character, as short as possible; a pattern without `{}` groups all names that match it.
 *
 * Takes time in proportion to the name: no pattern makes it search back and forth.
 */
export function readByPattern(pattern: string, fileName: string): string | null {
  const parts = pattern.split(/(\*|\{\})/);
  const last = parts.length - 1;
  let at = 0;
  let key: string | null = null;
  let start: number | null = null;
  let isLoose = false;
  let least = 0;
  for (const [index, part] of parts.entries()) {
    if (part === '*' || part === '{}') {
      isLoose = true;
      if (part === '{}') {
        least = 1;
        start = at;
      }
      continue;
    }
    // Two wildcards side by side have an empty text between them: one goes on where the other is.
    if (part === '' && index !== 0 && index !== last) continue;
    const found = findPart(fileName, part, { from: at + least, isLoose, isLast: index === last });
    if (found === null) return null;
    if (start !== null) key ??= fileName.slice(start, found);
    at = found + part.length;
    [start, isLoose, least] = [null, false, 0];
  }
  return key ?? '';
}

function findPart(
  text: string,
  part: string,
  { from, isLoose, isLast }: { readonly from: number; readonly isLoose: boolean; readonly isLast: boolean },
): number | null {
  if (!isLoose) {
    const isHere = text.startsWith(part, from) && (!isLast || from + part.length === text.length);
    return isHere ? from : null;
  }
  const found = isLast ? text.length - part.length : text.indexOf(part, from);
  return found >= from && text.startsWith(part, found) ? found : null;
}
