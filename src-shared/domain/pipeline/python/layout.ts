/** A piece of Python as it can be laid out: text, or brackets around pieces. */
export type Piece = string | Brackets;

interface Brackets {
  readonly open: string;
  readonly items: readonly Piece[];
  readonly close: string;
  /** Each item gets a line of its own even where all would fit on one. */
  readonly isTall?: boolean;
  /** What stands between items; a comma unless told otherwise, nothing between the parts of a comprehension. */
  readonly separator?: '' | ',';
}

/** Black's default. */
const lineLength = 88;

/** Lays a piece out as Black does: on one line, else its items on one line of their own, else each on its line. */
export function layOut(piece: Piece, indent: number, suffix = ''): string {
  const line = `${' '.repeat(indent)}${onOneLine(piece)}${suffix}`;
  if (typeof piece === 'string' || piece.items.length === 0 || (!isTall(piece) && line.length <= lineLength))
    return line;
  const outer = ' '.repeat(indent);
  const { separator = ',' } = piece;
  const items = piece.items.map(onOneLine).join(`${separator} `);
  const isShort = !piece.isTall && !piece.items.some(isTall) && indent + 4 + items.length <= lineLength;
  const only = piece.items.length === 1 ? piece.items[0] : undefined;
  const inner = isShort
    ? [`${outer}    ${items}`]
    : piece.items.map((item) =>
        layOut(item, indent + 4, isComment(item) || (item === only && !piece.isTall) ? '' : separator),
      );
  return [`${outer}${piece.open}`, ...inner, `${outer}${piece.close}${suffix}`].join('\n');
}

/** A piece without line breaks. */
export function onOneLine(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return `${piece.open}${piece.items.map(onOneLine).join(`${piece.separator ?? ','} `)}${piece.close}`;
}

function isTall(piece: Piece): boolean {
  return typeof piece !== 'string' && (piece.isTall === true || piece.items.some(isTall));
}

function isComment(piece: Piece): boolean {
  return typeof piece === 'string' && piece.startsWith('#');
}
