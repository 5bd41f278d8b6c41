import { imageNetStatistics } from '../../backbone.ts';
import { say } from '../../sentence.ts';
import type { Call, Expression } from './expression.ts';
import { isBackboneName } from './names.ts';
import { UnreadablePython } from './problem.ts';

/** A value that an argument of a transform can have. */
export type PythonValue = number | string | boolean | null | readonly PythonValue[] | Constant;

/** A value by its name: `InterpolationMode.BILINEAR`, `torch.float32`. */
export interface Constant {
  readonly constant: string;
}

/** The value of an expression whose names are resolved. Throws UnreadablePython where only a running program could tell. */
export function evaluate(expression: Expression): PythonValue {
  switch (expression.type) {
    case 'number':
    case 'string':
    case 'constant':
      return expression.value;
    case 'list':
      return expression.items.map((item) => evaluate(item));
    case 'name':
      return evaluateName(expression);
    case 'binary':
      return calculate(expression);
    case 'call':
      return convert(expression);
    case 'uncertain':
      throw new UnreadablePython(
        expression.at,
        say('pythonConditional', { name: expression.name, line: expression.line }),
      );
    case 'spread':
    case 'dictionary':
      throw new UnreadablePython(
        expression.at,
        say('pythonNotValue', { text: expression.type === 'spread' ? '*' : '{ … }' }),
      );
    case 'apply':
      throw new UnreadablePython(expression.at, say('pythonNotValue', { text: '…(…)(…)' }));
    case 'comprehension':
    case 'lambda':
    case 'opaque':
      throw new UnreadablePython(expression.at, say('pythonNotValue', { text: shorten(expression.text) }));
  }
}

/** What timm calls the statistics of ImageNet. */
const knownNames: ReadonlyMap<string, readonly number[]> = new Map([
  ['IMAGENET_DEFAULT_MEAN', imageNetStatistics.mean],
  ['IMAGENET_DEFAULT_STD', imageNetStatistics.std],
]);

function evaluateName({ path, at }: Extract<Expression, { type: 'name' }>): PythonValue {
  const name = path.join('.');
  if (isBackboneName(name)) return { constant: name };
  const last = path.at(-1) ?? '';
  const statistics = knownNames.get(last);
  if (statistics) return statistics;
  if (path.length > 1) return { constant: last };
  throw new UnreadablePython(at, say('pythonUnknownName', { name }));
}

function calculate({ operator, left, right, at }: Extract<Expression, { type: 'binary' }>): PythonValue {
  const [a, b] = [evaluate(left), evaluate(right)];
  if (operator === '+' && isList(a) && isList(b)) return [...a, ...b];
  if (operator === '*' && isList(a) && typeof b === 'number') return Array.from({ length: b }, () => a).flat();
  if (typeof a !== 'number' || typeof b !== 'number') {
    throw new UnreadablePython(at, say('pythonNotValue', { text: `… ${operator} …` }));
  }
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    default:
      return a - b * Math.floor(a / b);
  }
}

/** Calls that only change a value's type. */
function convert({ path, positional, keywords, at }: Call): PythonValue {
  const [argument] = positional;
  const name = path.at(-1) ?? '';
  if (argument && positional.length === 1 && keywords.length === 0) {
    const value = evaluate(argument);
    if (typeof value === 'number') {
      if (name === 'int') return Math.trunc(value);
      if (name === 'float') return value;
    }
    if (isList(value) && ['list', 'tuple', 'tensor', 'array'].includes(name)) return value;
    // An enumeration by its value: InterpolationMode("bilinear").
    if (typeof value === 'string' && /^[A-Z]/.test(name)) return { constant: value };
  }
  throw new UnreadablePython(at, say('pythonNotValue', { text: `${path.join('.')}(…)` }));
}

export function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}

export function isConstant(value: PythonValue): value is Constant {
  return typeof value === 'object' && value !== null && 'constant' in value;
}

/** A value as Python writes it, for a person. */
export function wordValue(value: PythonValue): string {
  if (isList(value)) return `(${value.map(wordValue).join(', ')})`;
  if (isConstant(value)) return value.constant;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
