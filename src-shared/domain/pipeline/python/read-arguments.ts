import * as v from 'valibot';
import { imageNetStatistics } from '../../backbone.ts';
import { say } from '../../sentence.ts';
import { containerDefaults, containerParameterSchemas, type ContainerKind } from '../containers.ts';
import { stepKindRecords, type LeafKind, type StepKind } from '../steps.ts';
import { evaluate, isConstant, isList, wordValue, type PythonValue } from './evaluate.ts';
import type { Call, Expression } from './expression.ts';
import { isBackboneName, requiredArguments } from './names.ts';
import { UnreadablePython, type PythonProblem } from './problem.ts';
import type { Place } from './tokens.ts';

interface Argument {
  readonly value: PythonValue;
  readonly at: Place;
}

/** The parameters that a call gives a container, besides its steps. Throws as `readParameters`. */
export function readContainerParameters(kind: ContainerKind, call: Call): object {
  const given = argumentsOf(call, ['transforms', ...Object.keys(containerDefaults[kind])], () => undefined, [
    'transforms',
  ]);
  const own = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  return checked(
    { kind, schema: containerParameterSchemas[kind] },
    { ...containerDefaults[kind], ...own },
    given,
    call.at,
  );
}

/** The parameters that a call gives a step. Throws UnreadablePython for an argument that Graft has not, or a value out of its range. */
export function readParameters(kind: LeafKind, call: Call, report: (problem: PythonProblem) => void): object {
  const given = argumentsOf(call, argumentNames(kind), (at, name) => {
    report({ at, severity: 'note', sentence: say('pythonNoEffect', { name }) });
  });
  for (const name of requiredArguments[kind] ?? []) {
    if (!given.has(name)) throw new UnreadablePython(call.at, say('pythonMissing', { kind, name }));
  }
  const read = [...given].map(([name, { value }]) => [name, toParameter(name, value)] as const);
  const own = kind === 'Normalize' ? { statistics: toStatistics(Object.fromEntries(read)) } : Object.fromEntries(read);
  return checked(
    { kind, schema: stepKindRecords[kind].parameters },
    { ...stepKindRecords[kind].defaults, ...own },
    given,
    call.at,
  );
}

/** The names of a kind's arguments as torchvision orders them. */
export function argumentNames(kind: LeafKind): readonly string[] {
  return kind === 'Normalize' ? ['mean', 'std'] : Object.keys(stepKindRecords[kind].defaults);
}

/** Arguments that change how torchvision works, not what it makes. */
const withoutEffect: ReadonlySet<string> = new Set(['inplace']);

function argumentsOf(
  { path, positional, keywords }: Call,
  names: readonly string[],
  ignore: (at: Place, name: string) => void,
  /** Arguments that are read elsewhere. */
  others: readonly string[] = [],
): ReadonlyMap<string, Argument> {
  const given = new Map<string, Argument>();
  const add = (name: string, value: Expression, place: Place): void => {
    if (others.includes(name)) return;
    if (withoutEffect.has(name)) ignore(place, name);
    else if (names.includes(name)) given.set(name, { value: evaluate(value), at: place });
    else throw new UnreadablePython(place, say('pythonUnknownArgument', { kind: path.at(-1) ?? '', name }));
  };
  for (const [index, value] of positional.entries()) {
    const name = names[index];
    if (value.type === 'spread' || name === undefined) {
      throw new UnreadablePython(value.at, say('pythonTooMany', { kind: path.at(-1) ?? '', names: names.join(', ') }));
    }
    add(name, value, value.at);
  }
  for (const keyword of keywords) add(keyword.name, keyword.value, keyword.at);
  return given;
}

const interpolationNumbers: ReadonlyMap<PythonValue, string> = new Map([
  [0, 'nearest'],
  [2, 'bilinear'],
  [3, 'bicubic'],
]);

/** From Python's spelling of a value to a pipeline's. */
function toParameter(name: string, value: PythonValue): unknown {
  if (isConstant(value)) return isBackboneName(value.constant) ? 'backbone' : value.constant.toLowerCase();
  if (name === 'interpolation') return interpolationNumbers.get(value) ?? value;
  // On PIL pictures torchvision always smooths what it shrinks; these are its older ways to say so.
  if (name === 'antialias') return value === null || value === 'warn' ? true : value;
  if (name === 'fill' && value === null) return 0;
  if (isList(value)) return value.length === 1 && typeof value[0] === 'number' ? value[0] : value;
  return value;
}

function toStatistics({ mean, std }: Readonly<Record<string, unknown>>): unknown {
  if (mean === 'backbone' && std === 'backbone') return 'backbone';
  const own = { mean: threeOf(mean), std: threeOf(std) };
  const isImageNet = JSON.stringify(own) === JSON.stringify(imageNetStatistics);
  return isImageNet ? 'imagenet' : own;
}

/** One number stands for all three channels. */
function threeOf(value: unknown): unknown {
  return typeof value === 'number' ? [value, value, value] : value;
}

function checked(
  { kind, schema }: { readonly kind: StepKind; readonly schema: v.GenericSchema<unknown, object> },
  parameters: object,
  given: ReadonlyMap<string, Argument>,
  at: Place,
): object {
  const parsed = v.safeParse(schema, parameters);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const keys = issue.path?.map(({ key }) => String(key)) ?? [];
  const name = [...given.keys()].find((each) => keys.includes(each)) ?? keys[0] ?? '';
  const argument = given.get(name);
  throw new UnreadablePython(
    argument?.at ?? at,
    say('pythonBadValue', { kind, name, value: argument ? wordValue(argument.value) : '' }),
  );
}
