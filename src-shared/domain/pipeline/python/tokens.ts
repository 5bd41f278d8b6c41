/** A place in a text, both counted from 1 as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Token {
  readonly type: 'name' | 'number' | 'string' | 'operator' | 'newline';
  /** As written; of a string, what is between its quotes. */
  readonly text: string;
  readonly at: Place;
}

const spaces = /[ \t\f]+|\\\r?\n|#[^\n]*/y;
const newline = /\r?\n/y;
const stringStart = /([A-Za-z]{0,2})("""|'''|"|')/y;
const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
const number = /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const operator = /\*\*=?|\/\/=?|->|:=|[-+*/%=!<>]=|[^\s\p{L}_]/uy;

/** Cuts Python into tokens; comments are dropped, and line breaks count only outside of brackets. Never throws. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const places = placesIn(text);
  let depth = 0;
  let offset = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
  const add = (type: Token['type'], value: string): void => {
    tokens.push({ type, text: value, at: places(offset) });
  };
  while (offset < text.length) {
    const opening = match(stringStart);
    const found = opening ?? match(spaces) ?? match(newline) ?? match(word) ?? match(number) ?? match(operator);
    const [whole = text.charAt(offset)] = found ?? [];
    if (opening) {
      const end = endOfString(text, offset + whole.length, opening[2] ?? '"');
      add('string', text.slice(offset + whole.length, end.inner));
      // What an f-string says is not known until the program runs.
      if (/f/i.test(opening[1] ?? ''))
        tokens[tokens.length - 1] = { type: 'operator', text: 'f-string', at: places(offset) };
      offset = end.outer;
      continue;
    }
    const [first = ''] = whole;
    if (/^\r?\n$/.test(whole)) {
      if (depth === 0) add('newline', whole);
    } else if (/[\p{L}_]/u.test(first)) add('name', whole);
    else if (/^\.?\d/.test(whole)) add('number', whole);
    else if (!/^[\s#\\]/.test(whole)) {
      add('operator', whole);
      if ('([{'.includes(first)) depth += 1;
      if (')]}'.includes(first)) depth = Math.max(0, depth - 1);
    }
    offset += whole.length;
  }
  return tokens;
}

/** The first bracket that nothing closes; null where every one is closed. */
export function findUnclosed(tokens: readonly Token[]): Place | null {
  const open: Place[] = [];
  for (const { type, text, at } of tokens) {
    if (type === 'operator' && '([{'.includes(text)) open.push(at);
    if (type === 'operator' && ')]}'.includes(text)) open.pop();
  }
  return open[0] ?? null;
}

function endOfString(text: string, start: number, quote: string): { readonly inner: number; readonly outer: number } {
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith(quote, at)) return { inner: at, outer: at + quote.length };
    if (text[at] === '\\') at += 1;
    else if (text[at] === '\n' && quote.length === 1) return { inner: at, outer: at };
  }
  return { inner: text.length, outer: text.length };
}

function placesIn(text: string): (offset: number) => Place {
  let line = 1;
  let lineStart = 0;
  // Asked for ever later places only.
  return (offset) => {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < offset; next = text.indexOf('\n', lineStart)) {
      line += 1;
      lineStart = next + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}
