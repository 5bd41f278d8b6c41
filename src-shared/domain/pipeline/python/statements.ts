import type { Expression } from './expression.ts';
import { parseExpression } from './expression-reader.ts';
import type { Place, Token } from './tokens.ts';

/** One line of a program that gives a value to something. */
export interface Statement {
  /** What it is given to, as written; '' where it is not given to anything. */
  readonly target: string;
  readonly isAdded: boolean;
  readonly value: Expression;
  readonly at: Place;
  /** What it stands in, outermost first: `def train_transform`, `if is_train`. */
  readonly blocks: readonly string[];
  /** Whether it depends on the run whether the line is reached. */
  readonly isConditional: boolean;
}

const blockWords = /^(?:async|class|def|elif|else|except|finally|for|if|match|case|try|while|with)$/;
const conditionWords = /^(?:elif|else|except|for|if|case|while)\b/;
const mainGuard = /__name__/;

/** The statements of a program that can give transforms a value, in order. Never throws. */
export function readStatements(tokens: readonly Token[]): readonly Statement[] {
  const open: { readonly column: number; readonly words: string }[] = [];
  return logicalLines(tokens).flatMap((line): readonly Statement[] => {
    const [first] = line;
    if (!first) return [];
    while ((open.at(-1)?.column ?? 0) >= first.at.column) open.pop();
    const isBlock = first.type === 'name' && blockWords.test(first.text);
    const colon = isBlock ? lastTopLevel(line, ':') : -1;
    if (isBlock && colon !== -1) {
      open.push({ column: first.at.column, words: wordsOf(line.slice(0, colon)) });
    }
    const blocks = open.map(({ words }) => words);
    const isConditional = blocks.some((words) => conditionWords.test(words) && !mainGuard.test(words));
    const body = isBlock ? line.slice(colon + 1) : line;
    return body.length === 0 ? [] : [{ ...readAssignment(body), at: first.at, blocks, isConditional }];
  });
}

function readAssignment(line: readonly Token[]): Pick<Statement, 'target' | 'isAdded' | 'value'> {
  const isReturn = line[0]?.type === 'name' && line[0].text === 'return';
  if (isReturn) return { target: '', isAdded: false, value: parseExpression(line.slice(1)) };
  const added = lastTopLevel(line, '+=');
  const equals = added === -1 ? lastTopLevel(line, '=') : added;
  const annotation = line.findIndex(({ type, text: mark }) => type === 'operator' && mark === ':');
  const nameEnd = annotation !== -1 && annotation < equals ? annotation : equals;
  const value = parseExpression(line.slice(equals + 1));
  return { target: wordsOf(line.slice(0, Math.max(0, nameEnd))).replaceAll(' ', ''), isAdded: added !== -1, value };
}

function lastTopLevel(line: readonly Token[], mark: string): number {
  let depth = 0;
  return line.findLastIndex(({ type, text }) => {
    if (type === 'operator' && ')]}'.includes(text)) depth += 1;
    if (type === 'operator' && '([{'.includes(text)) depth -= 1;
    return depth === 0 && type === 'operator' && text === mark;
  });
}

function logicalLines(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const lines: Token[][] = [[]];
  for (const token of tokens) {
    if (token.type === 'newline' || (token.type === 'operator' && token.text === ';')) lines.push([]);
    else lines.at(-1)?.push(token);
  }
  return lines;
}

function wordsOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}
