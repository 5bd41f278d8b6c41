import { say } from '../../sentence.ts';
import { deriveEvaluation, type Pipeline } from '../pipeline.ts';
import type { PipelineStep } from '../steps.ts';
import { Environment } from './environment.ts';
import { callsIn, type Call, type Expression } from './expression.ts';
import { reportUnreadable, type PythonProblem } from './problem.ts';
import { asListCall, itemsOf, readSteps } from './read-steps.ts';
import { readStatements, type Statement } from './statements.ts';
import { findUnclosed, tokenize, type Place, type Token } from './tokens.ts';

/** What a Python text says about a pipeline. */
export interface PythonReading {
  /** Null where the text holds no list of transforms. */
  readonly lists: Pick<Pipeline, 'training' | 'evaluation'> | null;
  /** By line. Without an error among them the lists are what the text says. */
  readonly problems: readonly PythonProblem[];
}

/**
 * Reads the lists of transforms in a Python text: `transforms.Compose([...])` and its like, for training and for evaluation by the
 * names they are given; a training list alone brings its evaluation list along. Nothing is run, and nothing is left out in silence.
 */
export function readPython(text: string): PythonReading {
  const problems: PythonProblem[] = [];
  // A step that several lists share is read for each of them.
  const report = (problem: PythonProblem): void => {
    const isSame = ({ at, sentence }: PythonProblem): boolean =>
      keyOf(at) === keyOf(problem.at) && sentence.text === problem.sentence.text;
    if (!problems.some(isSame)) problems.push(problem);
  };
  const tokens = tokenize(text);
  const unclosed = findUnclosed(tokens);
  if (unclosed) report({ at: unclosed, severity: 'error', sentence: say('pythonUnclosed') });
  const found = findLists(readStatements(tokens), tokens, report);
  if (found.length === 0 && problems.length === 0) {
    report({ at: { line: 1, column: 1 }, severity: 'error', sentence: say('pythonNothing') });
  }
  const lists = chooseLists(found, report);
  problems.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  return { lists, problems };
}

/** True when the text can be taken as it was read. */
export function canTake({ lists, problems }: PythonReading): boolean {
  return lists !== null && problems.every(({ severity }) => severity !== 'error');
}

interface FoundList {
  readonly at: Place;
  /** The names around it, innermost first. */
  readonly labels: readonly string[];
  readonly steps: readonly PipelineStep[];
}

/** The lists that are not part of another one. A Compose in a place where none is looked for is reported. */
function findLists(
  statements: readonly Statement[],
  tokens: readonly Token[],
  report: (problem: PythonProblem) => void,
): readonly FoundList[] {
  const environment = new Environment();
  const found: FoundList[] = [];
  const read = new Set<string>();
  const parts = new Set<string>();
  for (const statement of statements) {
    for (const call of callsIn(statement.value)) read.add(keyOf(call.at));
    for (const { call, labels } of listsIn(statement.value, [statement.target, ...statement.blocks.toReversed()])) {
      const resolved = environment.resolveCall(call);
      for (const part of callsIn(resolved)) if (part !== resolved) parts.add(keyOf(part.at));
      const items = reportUnreadable(report, () => itemsOf(resolved));
      found.push({ at: call.at, labels, steps: readSteps(items ?? [], report) });
    }
    environment.run(statement);
  }
  for (const at of composeCalls(tokens).filter((place) => !read.has(keyOf(place)))) {
    report({ at, severity: 'error', sentence: say('pythonUnread') });
  }
  return found.filter(({ at }) => !parts.has(keyOf(at)));
}

interface ListCall {
  readonly call: Call;
  readonly labels: readonly string[];
}

/** The outermost lists of transforms in an expression. */
function listsIn(expression: Expression, labels: readonly string[]): readonly ListCall[] {
  const list = asListCall(expression);
  if (list) return [{ call: list, labels }];
  switch (expression.type) {
    case 'call':
      return [
        ...expression.positional.flatMap((item) => listsIn(item, labels)),
        ...expression.keywords.flatMap(({ name, value }) => listsIn(value, [name, ...labels])),
      ];
    case 'apply':
      return listsIn(expression.callee, labels);
    case 'list':
      return expression.items.flatMap((item) => listsIn(item, labels));
    case 'dictionary':
      return expression.entries.flatMap(([key, value]) =>
        listsIn(value, key.type === 'string' ? [key.value, ...labels] : labels),
      );
    default:
      return [];
  }
}

/** Where the program calls a Compose, whatever stands around it. */
function composeCalls(tokens: readonly Token[]): readonly Place[] {
  return tokens.flatMap((token, index) => {
    if (token.type !== 'name' || token.text !== 'Compose' || tokens[index + 1]?.text !== '(') return [];
    let head = index;
    while (tokens[head - 1]?.text === '.' && tokens[head - 2]?.type === 'name') head -= 2;
    return [(tokens[head] ?? token).at];
  });
}

function keyOf({ line, column }: Place): string {
  return `${String(line)}:${String(column)}`;
}

const trainingName = /train/i;
const evaluationName = /val|test|eval|infer|predict/i;

function partOf({ labels }: FoundList): 'training' | 'evaluation' | null {
  for (const label of labels) {
    if (trainingName.test(label)) return 'training';
    if (evaluationName.test(label)) return 'evaluation';
  }
  return null;
}

function chooseLists(
  found: readonly FoundList[],
  report: (problem: PythonProblem) => void,
): Pick<Pipeline, 'training' | 'evaluation'> | null {
  const [first] = found;
  if (!first) return null;
  const training =
    found.find((list) => partOf(list) === 'training') ?? found.find((list) => partOf(list) === null) ?? first;
  const others = found.filter((list) => list !== training);
  const evaluation =
    others.find((list) => partOf(list) === 'evaluation') ?? others.find((list) => partOf(list) === null);
  for (const { at } of others.filter((list) => list !== evaluation)) {
    report({ at, severity: 'note', sentence: say('pythonLeftOut') });
  }
  return { training: training.steps, evaluation: evaluation?.steps ?? deriveEvaluation(training.steps) };
}
