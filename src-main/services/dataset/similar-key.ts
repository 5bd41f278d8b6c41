/** The same for class names that differ only by case, spaces, hyphens, underscores or the width of their characters. */
export function similarKey(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}_]+/gu, '')
    .toLocaleLowerCase('en');
}
