import type { Place } from './tokens.ts';

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
  /** `f()(x)`: what a call gives, called in turn. */
  | ApplyShape
  /** `[f(x) for x in items]`, or the same in other brackets. */
  | {
      readonly type: 'comprehension';
      readonly element: Expression;
      readonly variable: string;
      readonly items: Expression;
      readonly text: string;
    }
  /** `lambda x: body` with one parameter. */
  | { readonly type: 'lambda'; readonly parameter: string; readonly body: Expression; readonly text: string }
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

interface ApplyShape {
  readonly type: 'apply';
  readonly callee: Expression;
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

export interface Keyword {
  readonly name: string;
  readonly at: Place;
  readonly value: Expression;
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
    case 'apply':
      return [
        ...callsIn(expression.callee),
        ...expression.positional.flatMap(callsIn),
        ...expression.keywords.flatMap(({ value }) => callsIn(value)),
      ];
    case 'comprehension':
      return [...callsIn(expression.element), ...callsIn(expression.items)];
    case 'lambda':
      return callsIn(expression.body);
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
