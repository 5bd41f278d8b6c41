import type { Expression, Keyword } from './expression.ts';
import type { Place, Token } from './tokens.ts';

/** Reads the tokens of one expression. Never throws. */
export function parseExpression(tokens: readonly Token[]): Expression {
  const reader = new ExpressionReader(tokens);
  return reader.tuple();
}

const closers = new Set([')', ']', '}', ',', ':', '=']);
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const keywords = new Set(['not', 'await', 'yield']);
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
    if (token.text === 'lambda' && token.type === 'name') return this.#lambda(start, at);
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
      items.push(this.#take('*') ? { type: 'spread', value: this.#expression(), at } : this.#itemOrComprehension());
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
    if (!this.#take('(')) return { type: 'name', path, at };
    let called: Expression = { type: 'call', path, ...this.#arguments(), at };
    while (this.#take('(')) called = { type: 'apply', callee: called, ...this.#arguments(), at };
    return called;
  }

  /** `lambda x: body`; anything with more than one plain parameter stays unread. */
  #lambda(start: number, at: Place): Expression {
    const [parameter, colon] = this.#tokens.slice(this.#index, this.#index + 2);
    if (parameter?.type !== 'name' || colon?.text !== ':') return this.#opaqueFrom(start);
    this.#index += 2;
    const body = this.#expression();
    return { type: 'lambda', parameter: parameter.text, body, text: this.#textFrom(start), at };
  }

  /** An item of a list, or what makes all of them: `f(x) for x in items`. */
  #itemOrComprehension(): Expression {
    const start = this.#index;
    const element = this.#expression();
    if (!this.#isWord('for')) return element;
    const [variable, word] = this.#tokens.slice(this.#index + 1, this.#index + 3);
    if (variable?.type !== 'name' || word?.text !== 'in') return this.#opaqueFrom(start);
    this.#index += 3;
    const items = this.#expression();
    const isWhole = items.type !== 'opaque' && !this.#isWord('for');
    if (!isWhole) return this.#opaqueFrom(start);
    return {
      ...{ type: 'comprehension', element, variable: variable.text, items },
      ...{ text: this.#textFrom(start), at: element.at },
    };
  }

  #arguments(): { readonly positional: readonly Expression[]; readonly keywords: readonly Keyword[] } {
    const positional: Expression[] = [];
    const named: Keyword[] = [];
    for (let token = this.#peek(); token && !this.#take(')'); token = this.#peek()) {
      if (token.type === 'name' && this.#tokens[this.#index + 1]?.text === '=') {
        this.#index += 2;
        named.push({ name: token.text, at: token.at, value: this.#expression() });
      } else if (this.#take('*')) positional.push({ type: 'spread', value: this.#expression(), at: token.at });
      else positional.push(this.#itemOrComprehension());
      if (!this.#take(',') && !this.#is(')')) this.#index += 1;
    }
    return { positional, keywords: named };
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
    const at = (this.#tokens[start] ?? this.#tokens.at(-1))?.at ?? { line: 1, column: 1 };
    return { type: 'opaque', text: this.#textFrom(start), at };
  }

  #textFrom(start: number): string {
    return this.#tokens
      .slice(start, this.#index)
      .map(({ text }) => text)
      .join(' ');
  }

  #isAtEnd(): boolean {
    const token = this.#peek();
    return token === undefined || (token.type === 'operator' && closers.has(token.text)) || this.#isWord('for');
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token?.type === 'name' && token.text === word;
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
