/** The number of a step for people, of the places (from 0) on the way to it: "3", in a container "3a", in a container of that "3a1". */
export function stepLabel(path: readonly number[]): string {
  return path.map((place, depth) => (depth % 2 === 0 ? String(place + 1) : letters(place))).join('');
}

/** a … z, then aa, ab …, as columns of a sheet. */
function letters(place: number): string {
  const last = String.fromCharCode(97 + (place % 26));
  return place < 26 ? last : letters(Math.floor(place / 26) - 1) + last;
}
