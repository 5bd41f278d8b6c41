import type { Place, Token } from './tokens.ts';

/** As much of a Python expression as transforms are written in; what is beyond it is `opaque` and keeps its words. */
export type Expression = { readonly at: Place } & (
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'constant'; readonly value: boolean | null }
  /** `a.b.c` */
  | { readonly type: 'name'; readonly path: readonly string[] }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'dictionary'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | CallShape
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  /** `*items` inside a list. */
  | { readonly type: 'spread'; readonly value: Expression }
  /** A name whose value depends on how the program runs, and the line that it depends on. */
  | { readonly type: 'uncertain'; readonly name: string; readonly line: number }
  | { readonly type: 'opaque'; readonly text: string }
);

interface CallShape {
  readonly type: 'call';
  /** The name that is called, `a.b.c`. */
  readonly path: readonly string[];
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
}
export type Call = Extract<Expression, { readonly type: 'call' }>;

interface Keyword {
  readonly name: string;
  readonly at: Place;
  readonly value: Expression;
}

/** Reads the tokens of one expression. Never throws. */
export function parseExpression(tokens: readonly Token[]): Expression {
  const reader = new ExpressionReader(tokens);
  return reader.tuple();
}

/** Every call in an expression, itself included. */
export function callsIn(expression: Expression): readonly Call[] {
  switch (expression.type) {
    case 'call':
      return [
        expression,
        ...expression.positional.flatMap(callsIn),
        ...expression.keywords.flatMap(({ value }) => callsIn(value)),
      ];
    case 'list':
      return expression.items.flatMap(callsIn);
    case 'dictionary':
      return expression.entries.flatMap(([key, value]) => [...callsIn(key), ...callsIn(value)]);
    case 'binary':
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    case 'spread':
      return callsIn(expression.value);
    default:
      return [];
  }
}

const closers = new Set([')', ']', '}', ',', ':', '=']);
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const keywords = new Set(['lambda', 'not', 'await', 'yield']);
const precedence: readonly (readonly string[])[] = [
  ['+', '-'],
  ['*', '/', '//', '%'],
];

class ExpressionReader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** One expression, or several with commas between them. */
  tuple(): Expression {
    const first = this.#expression();
    if (!this.#is(',')) return first;
    const items = [first];
    while (this.#take(',')) if (this.#index < this.#tokens.length) items.push(this.#expression());
    return { type: 'list', items, at: first.at };
  }

  #expression(): Expression {
    const start = this.#index;
    const read = this.#binary(0);
    return this.#isAtEnd() ? read : this.#opaqueFrom(start);
  }

  #binary(level: number): Expression {
    const operators = precedence[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (
      let token = this.#peek();
      token && token.type === 'operator' && operators.includes(token.text);
      token = this.#peek()
    ) {
      this.#index += 1;
      left = { type: 'binary', operator: token.text, left, right: this.#binary(level + 1), at: left.at };
    }
    return left;
  }

  #unary(): Expression {
    const token = this.#peek();
    if (token && (this.#take('-') || this.#take('+'))) {
      const zero: Expression = { type: 'number', value: 0, at: token.at };
      return { type: 'binary', operator: token.text, left: zero, right: this.#unary(), at: token.at };
    }
    return this.#atom();
  }

  #atom(): Expression {
    const start = this.#index;
    const token = this.#peek();
    if (!token || this.#isAtEnd()) return this.#opaqueFrom(start);
    const { at } = token;
    this.#index += 1;
    if (token.type === 'number') return { type: 'number', value: Number(token.text.replaceAll('_', '')), at };
    if (token.type === 'string') return { type: 'string', value: this.#joined(token.text), at };
    if (token.text === '(') return this.#parenthesis(at);
    if (token.text === '[') return { type: 'list', items: this.#items(']'), at };
    if (token.text === '{') return { type: 'dictionary', entries: this.#entries(), at };
    if (token.type !== 'name' || keywords.has(token.text)) return this.#opaqueFrom(start);
    const constant = constants.get(token.text);
    return constant === undefined ? this.#nameOrCall(token) : { type: 'constant', value: constant, at };
  }

  #joined(first: string): string {
    let text = first;
    for (let next = this.#peek(); next?.type === 'string'; next = this.#peek()) {
      text += next.text;
      this.#index += 1;
    }
    return text;
  }

  #parenthesis(at: Place): Expression {
    const items = this.#items(')');
    const [only] = items;
    const isTuple = items.length !== 1 || this.#tokens[this.#index - 2]?.text === ',';
    return only && !isTuple ? only : { type: 'list', items, at };
  }

  #items(closer: string): readonly Expression[] {
    const items: Expression[] = [];
    for (let token = this.#peek(); token && !this.#take(closer); token = this.#peek()) {
      const { at } = token;
      items.push(this.#take('*') ? { type: 'spread', value: this.#expression(), at } : this.#expression());
      // Anything but a comma between two items was taken up by the item before it.
      if (!this.#take(',') && !this.#is(closer)) this.#index += 1;
    }
    return items;
  }

  #entries(): readonly (readonly [Expression, Expression])[] {
    const entries: (readonly [Expression, Expression])[] = [];
    while (this.#peek() && !this.#take('}')) {
      const key = this.#expression();
      entries.push([key, this.#take(':') ? this.#expression() : key]);
      if (!this.#take(',') && !this.#is('}')) this.#index += 1;
    }
    return entries;
  }

  #nameOrCall({ text, at }: Token): Expression {
    const path = [text];
    for (let next = this.#tokens[this.#index + 1]; this.#is('.') && next?.type === 'name';) {
      path.push(next.text);
      this.#index += 2;
      next = this.#tokens[this.#index + 1];
    }
    return this.#take('(') ? this.#call(path, at) : { type: 'name', path, at };
  }

  #call(path: readonly string[], at: Place): Expression {
    const positional: Expression[] = [];
    const named: Keyword[] = [];
    for (let token = this.#peek(); token && !this.#take(')'); token = this.#peek()) {
      if (token.type === 'name' && this.#tokens[this.#index + 1]?.text === '=') {
        this.#index += 2;
        named.push({ name: token.text, at: token.at, value: this.#expression() });
      } else if (this.#take('*')) positional.push({ type: 'spread', value: this.#expression(), at: token.at });
      else positional.push(this.#expression());
      if (!this.#take(',') && !this.#is(')')) this.#index += 1;
    }
    return { type: 'call', path, positional, keywords: named, at };
  }

  /** Everything from here to the end of the expression, unread. */
  #opaqueFrom(start: number): Expression {
    this.#index = start;
    const isLambda = this.#peek()?.text === 'lambda';
    let depth = 0;
    for (let token = this.#peek(); token; token = this.#peek()) {
      if (token.type !== 'operator') {
        this.#index += 1;
        continue;
      }
      if (depth === 0 && closers.has(token.text) && !(isLambda && token.text === ':')) break;
      if ('([{'.includes(token.text)) depth += 1;
      if (')]}'.includes(token.text)) depth -= 1;
      this.#index += 1;
    }
    const tokens = this.#tokens.slice(start, this.#index);
    const at = (tokens[0] ?? this.#tokens[start] ?? this.#tokens.at(-1))?.at ?? { line: 1, column: 1 };
    return { type: 'opaque', text: tokens.map(({ text }) => text).join(' '), at };
  }

  #isAtEnd(): boolean {
    const token = this.#peek();
    return token === undefined || (token.type === 'operator' && closers.has(token.text));
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#index];
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token?.type === 'operator' && token.text === text;
  }

  #take(text: string): boolean {
    const isThere = this.#is(text);
    if (isThere) this.#index += 1;
    return isThere;
  }
}
