import { say } from '../../sentence.ts';
import { createStep } from '../pipeline.ts';
import { isContainerKind, type ContainerKind } from '../containers.ts';
import { viewCountOf } from '../views.ts';
import { leafKinds, type LeafKind, type PipelineStep, type StepKind } from '../steps.ts';
import { evaluate, isConstant, type PythonValue } from './evaluate.ts';
import type { Call, Expression } from './expression.ts';
import { reportUnreadable, UnreadablePython, type PythonProblem } from './problem.ts';
import { readContainerParameters, readParameters } from './read-arguments.ts';
import { readLambda } from './read-lambda.ts';
import type { Place } from './tokens.ts';

/** Reads the transforms of one list; what cannot be read is reported and left out. */
export function readSteps(
  items: readonly Expression[],
  report: (problem: PythonProblem) => void,
): readonly PipelineStep[] {
  let count = 0;
  const reader = new StepReader(report, () => (count += 1));
  for (const item of items) reportUnreadable(report, () => reader.read(item));
  return reader.finish();
}

/** The call that makes a list of transforms: Compose, or a Sequential that holds some; null for anything else. */
export function asListCall(expression: Expression): Call | null {
  if (expression.type !== 'call') return null;
  const name = nameOf(expression);
  const isList =
    name === 'Compose' ||
    (name === 'Sequential' &&
      expression.positional.some(
        (item) => item.type === 'call' && (isKnown(nameOf(item)) || asListCall(item) !== null),
      ));
  return isList ? expression : null;
}

/** The transforms that such a call lists. Throws UnreadablePython where they are not written out. */
export function itemsOf(call: Call): readonly Expression[] {
  if (nameOf(call) === 'Sequential') return call.positional;
  const given = call.positional[0] ?? call.keywords.find(({ name }) => name === 'transforms')?.value;
  // torch.nn.ModuleList([…]), which a scripted RandomApply needs.
  const list = given?.type === 'call' && nameOf(given) === 'ModuleList' ? given.positional[0] : given;
  if (list?.type === 'list') return list.items;
  if (list?.type === 'binary' && list.operator === '+') return [...listOf(list.left), ...listOf(list.right)];
  if (list?.type === 'uncertain') evaluate(list);
  throw new UnreadablePython(list?.at ?? call.at, say('pythonNoList'));
}

class StepReader {
  readonly #report: (problem: PythonProblem) => void;
  readonly #steps: PipelineStep[] = [];
  /** A transform that leaves bytes in a tensor, whose values still have to be brought into 0 … 1. */
  #bytes: { readonly name: string; readonly at: Place } | null = null;

  /** In a container that chooses or orders its steps a list is one step; elsewhere its steps are as well in the list around it. */
  readonly #isBranching: boolean;
  /** Numbers for ids, the same for the whole list. */
  readonly #nextNumber: () => number;

  constructor(report: (problem: PythonProblem) => void, nextNumber: () => number, isBranching = false) {
    this.#report = report;
    this.#nextNumber = nextNumber;
    this.#isBranching = isBranching;
  }

  read(item: Expression): void {
    const list = asListCall(item);
    if (list && this.#isBranching) {
      this.#addContainer('Compose', list);
      return;
    }
    if (list) {
      for (const inner of itemsOf(list)) reportUnreadable(this.#report, () => this.read(inner));
      return;
    }
    if (item.type !== 'call') {
      evaluate(item);
      throw new UnreadablePython(item.at, say('pythonNotTransform'));
    }
    const name = nameOf(item);
    if (isContainerKind(name)) this.#addContainer(name, item);
    else if (isLeaf(name)) this.#add(name, readParameters(name, item, this.#report));
    else this.#readOther(name, item);
  }

  finish(): readonly PipelineStep[] {
    if (this.#bytes) {
      this.#report({ at: this.#bytes.at, severity: 'error', sentence: say('pythonBytes', { name: this.#bytes.name }) });
    }
    return this.#steps;
  }

  /** The spellings of ToTensor in parts; a pipeline's pictures need no other conversion. */
  #readOther(name: string, call: Call): void {
    switch (name) {
      case 'ToImage':
      case 'PILToTensor':
        this.#bytes = { name, at: call.at };
        this.#note(call.at, 'pythonPartOfToTensor', name);
        return;
      case 'ToPILImage':
      case 'Identity':
        this.#note(call.at, 'pythonNothingToDo', name);
        return;
      case 'Lambda':
        this.#readLambda(call);
        return;
      case 'ToDtype':
      case 'ConvertImageDtype':
        this.#convert(name, call);
        return;
      default:
        throw new UnreadablePython(call.at, say('pythonUnknown', { name: call.path.join('.') }));
    }
  }

  /** What torchvision cannot do to several views at once is written for each of them; in a pipeline every step is. */
  #readLambda(call: Call): void {
    const reading = readLambda(call);
    if (reading?.type === 'flip') {
      this.#add('FlipViews', { vertical_flip: reading.isVertical });
      return;
    }
    const hasViews = viewCountOf(this.#steps) > 1;
    if (!reading || !hasViews) throw new UnreadablePython(call.at, say('pythonLambda'));
    for (const transform of reading.transforms) reportUnreadable(this.#report, () => this.read(transform));
  }

  #convert(name: string, call: Call): void {
    const value = (keyword: string, index: number): PythonValue => {
      const expression = call.keywords.find((each) => each.name === keyword)?.value ?? call.positional[index];
      return expression ? evaluate(expression) : null;
    };
    const type = value('dtype', 0);
    const typeName = type !== null && isConstant(type) ? type.constant : '';
    if (typeName === 'uint8') {
      this.#note(call.at, 'pythonNothingToDo', name);
      return;
    }
    const isScaled = name === 'ConvertImageDtype' || value('scale', 1) === true;
    if (!['float', 'float32'].includes(typeName) || !isScaled) {
      throw new UnreadablePython(call.at, say('pythonDtype', { name }));
    }
    this.#note(call.at, 'pythonPartOfToTensor', name);
    this.#add('ToTensor', {});
  }

  #addContainer(kind: ContainerKind, call: Call): void {
    const parameters = nameOf(call) === 'Sequential' ? {} : readContainerParameters(kind, call);
    const container = createStep(kind, this.#idFor(kind));
    const inner = new StepReader(this.#report, this.#nextNumber, kind === 'RandomChoice' || kind === 'RandomOrder');
    for (const item of itemsOf(call)) reportUnreadable(this.#report, () => inner.read(item));
    // The parameters were read by the schema of this kind.
    this.#steps.push({ ...container, parameters, steps: inner.finish() } as PipelineStep);
  }

  #idFor(kind: StepKind): string {
    return `${kind.toLowerCase()}-${String(this.#nextNumber())}`;
  }

  #add(kind: LeafKind, parameters: object): void {
    if (kind === 'ToTensor') this.#bytes = null;
    // The parameters were read by the schema of this kind.
    this.#steps.push({ ...createStep(kind, this.#idFor(kind)), parameters } as PipelineStep);
  }

  #note(at: Place, sentence: 'pythonPartOfToTensor' | 'pythonNothingToDo', name: string): void {
    this.#report({ at, severity: 'note', sentence: say(sentence, { name }) });
  }
}

function listOf(expression: Expression): readonly Expression[] {
  if (expression.type === 'list') return expression.items;
  throw new UnreadablePython(expression.at, say('pythonNoList'));
}

function nameOf({ path }: Call): string {
  return path.at(-1) ?? '';
}

function isKnown(name: string): boolean {
  return isLeaf(name) || isContainerKind(name);
}

function isLeaf(name: string): name is LeafKind {
  return leafKinds.some((kind) => kind === name);
}
