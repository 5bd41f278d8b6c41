const mostBytes = 180;

/** A name as every file system takes it: what Windows, macOS or Linux refuses is written as “_”. Never empty, at most 180 bytes. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, '_')
    .replace(/^\.+/, (dots) => '_'.repeat(dots.length))
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length))
    .replace(/^ +/, (start) => '_'.repeat(start.length));
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
  return cut(isReserved ? `_${plain}` : plain === '' ? '_' : plain);
}

/** Gives names out once each: two that some file system takes for one are told apart by a number before the ending. */
export class FreeNames {
  readonly #taken = new Set<string>();

  take(name: string): string {
    const safe = safeName(name);
    const dot = safe.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [safe.slice(0, dot), safe.slice(dot)] : [safe, ''];
    for (let number = 1; ; number += 1) {
      const free = number === 1 ? safe : `${stem} (${number})${ending}`;
      const key = free.normalize('NFKC').toLowerCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return free;
    }
  }
}

function cut(name: string): string {
  if (Buffer.byteLength(name) <= mostBytes) return name;
  const ending = /\.[a-z0-9]{1,5}$/i.exec(name)?.[0] ?? '';
  let stem = Array.from(name.slice(0, name.length - ending.length));
  while (Buffer.byteLength(stem.join('')) > mostBytes - ending.length) stem = stem.slice(0, -1);
  return `${stem.join('')}${ending}`;
}
