import { assertNever } from '../../lib/assert-never.ts';
import type { ContainerKind } from './containers.ts';
import { resolveStatistics, type BackboneInput } from './resolve.ts';
import type { PipelinePart } from './pipeline.ts';
import { stepLabel } from './step-label.ts';
import type { Statistics } from './steps/normalize.ts';
import type { BadRange, SureSize } from './steps/step-kind.ts';
import {
  isContainer,
  isRandomKind,
  stepKindRecords,
  viewsOfKind,
  type ContainerStep,
  type LeafKind,
  type LeafStep,
  type PipelineStep,
  type LeafOf,
} from './steps.ts';

/** Something about a step that a person should know before it runs; `code` picks the words, `facts` fill them. */
export interface PipelineProblem {
  /** The step it is about; null when it is about the list as a whole. */
  readonly stepId: string | null;
  readonly severity: 'error' | 'warning';
  readonly code:
    | 'needs-tensor'
    | 'needs-picture'
    | 'random-in-evaluation'
    | 'views-in-training'
    | 'views-twice'
    | 'views-alike'
    | 'bad-range'
    | 'no-tensor'
    | 'no-normalize'
    | 'unknown-size'
    | 'size-differs'
    | 'statistics-differ'
    | 'twice'
    | 'tensor-sometimes'
    | 'bad-weights'
    | 'empty-container';
  readonly facts: Readonly<Record<string, string | number>>;
}

interface Walk {
  readonly problems: PipelineProblem[];
  value: 'picture' | 'tensor';
  size: SureSize;
  isNormalized: boolean;
  /** How many views of the picture there are by now. */
  viewCount: number;
}

/** Finds wrong orders, ranges and risky choices in one list of a pipeline, without running it. */
export function checkSteps(
  steps: readonly PipelineStep[],
  part: PipelinePart,
  backbone: BackboneInput,
): readonly PipelineProblem[] {
  const walk: Walk = { problems: [], value: 'picture', size: null, isNormalized: false, viewCount: 1 };
  visitAll(walk, steps, { part, backbone, path: [], inside: null });
  finish(walk, backbone);
  return walk.problems;
}

/** True when a list can train or evaluate: it has no error. */
export function canRun(problems: readonly PipelineProblem[]): boolean {
  return problems.every((problem) => problem.severity !== 'error');
}

interface Place {
  readonly part: PipelinePart;
  readonly backbone: BackboneInput;
  /** From the list down to the step: places from 0. */
  readonly path: readonly number[];
  /** The random container around it, if any. */
  readonly inside: ContainerKind | null;
}

type Report = (
  code: PipelineProblem['code'],
  severity?: PipelineProblem['severity'],
  facts?: PipelineProblem['facts'],
) => void;

function visitAll(walk: Walk, steps: readonly PipelineStep[], place: Place): void {
  steps.forEach((step, index) => {
    if (step.isEnabled) visit(walk, step, { ...place, path: [...place.path, index] });
  });
}

function visit(walk: Walk, step: PipelineStep, place: Place): void {
  const report: Report = (code, severity = 'error', facts = {}) => {
    const own = { step: stepLabel(place.path), kind: step.kind };
    walk.problems.push({ stepId: step.id, severity, code, facts: { ...own, ...facts } });
  };
  // What a random container holds goes with it, so that only the outermost is named.
  if (place.part === 'evaluation' && place.inside === null && isRandomKind(step.kind)) report('random-in-evaluation');
  const viewCount = viewsOfKind(step.kind);
  if (viewCount > 1 && place.part === 'training') report('views-in-training');
  else if (viewCount > 1 && walk.viewCount > 1) report('views-twice');
  walk.viewCount *= viewCount;
  if (isContainer(step)) visitContainer(walk, step, { place, report });
  else visitLeaf(walk, step, { place, report });
}

function visitContainer(
  walk: Walk,
  step: ContainerStep,
  { place, report }: { readonly place: Place; readonly report: Report },
): void {
  const inside = { ...place, inside: isRandomKind(step.kind) ? step.kind : place.inside };
  const used = step.steps.filter(({ isEnabled }) => isEnabled);
  if (used.length === 0) report('empty-container', 'warning');
  if (!canWeigh(step)) report('bad-weights');
  if (used.length === 0) return;
  switch (step.kind) {
    case 'Compose':
      visitAll(walk, step.steps, inside);
      return;
    case 'RandomApply': {
      const applied = { ...walk };
      visitAll(applied, step.steps, inside);
      Object.assign(walk, joined([walk, applied]));
      return;
    }
    case 'RandomChoice':
    case 'RandomOrder': {
      const branches = used.map((child) => {
        const branch = { ...walk };
        visit(branch, child, { ...inside, path: [...inside.path, step.steps.indexOf(child)] });
        return branch;
      });
      const size = step.kind === 'RandomOrder' ? sizeInAnyOrder(used, walk, inside) : null;
      Object.assign(walk, joined(branches), step.kind === 'RandomOrder' && { size });
      return;
    }
    default:
      assertNever(step, 'container');
  }
}

/** What is sure after one of several ways. A tensor in only some of them was complained about, and is what was meant. */
function joined(ways: readonly Walk[]): Omit<Walk, 'problems'> {
  const [first] = ways;
  const isSure = first !== undefined && ways.every(({ size }) => isSameSize(size, first.size));
  return {
    value: ways.some(({ value }) => value === 'tensor') ? 'tensor' : 'picture',
    size: isSure ? first.size : null,
    isNormalized: ways.every(({ isNormalized }) => isNormalized),
    viewCount: Math.max(...ways.map(({ viewCount }) => viewCount)),
  };
}

/** Sides that no parameter names by chance: a step that leaves them alone leaves every size alone. */
const probeSize = [4091, 4093] as const;

/** The size after steps whose order is drawn: sure as long as no more than one of them changes it. */
function sizeInAnyOrder(steps: readonly PipelineStep[], walk: Walk, place: Place): SureSize {
  const sizeFrom = (step: PipelineStep, size: SureSize): SureSize => {
    const alone = { ...walk, problems: [], size };
    visit(alone, step, place);
    return alone.size;
  };
  const [changing, ...others] = steps.filter((step) => !isSameSize(sizeFrom(step, probeSize), probeSize));
  if (changing === undefined) return walk.size;
  return others.length === 0 ? sizeFrom(changing, walk.size) : null;
}

function isSameSize(one: SureSize, other: SureSize): boolean {
  return one?.[0] === other?.[0] && one?.[1] === other?.[1];
}

/** One weight a step, and not all of those that are used 0. */
function canWeigh(step: ContainerStep): boolean {
  if (step.kind !== 'RandomChoice' || step.parameters.p === null) return true;
  const { p } = step.parameters;
  return p.length === step.steps.length && step.steps.some(({ isEnabled }, index) => isEnabled && (p[index] ?? 0) > 0);
}

function visitLeaf(
  walk: Walk,
  step: LeafStep,
  { place: { backbone, inside }, report }: { readonly place: Place; readonly report: Report },
): void {
  const { input } = stepKindRecords[step.kind];
  if (input === 'picture' && walk.value === 'tensor') {
    report(step.kind === 'ToTensor' ? 'twice' : 'needs-picture');
    return;
  }
  if (input === 'tensor' && walk.value === 'picture') report('needs-tensor');
  else if (step.kind === 'Normalize' && walk.isNormalized) report('twice');
  for (const { field, expected } of badRangesOf(step)) report('bad-range', 'error', { field, expected });
  if (step.kind === 'Normalize') {
    walk.isNormalized = true;
    checkStatistics(step.parameters.statistics, backbone, report);
  }
  if (step.kind === 'ToTensor') {
    walk.value = 'tensor';
    if (inside !== null) report('tensor-sometimes', 'error', { container: inside });
  }
  const size = sizeAfter(step, walk.size, backbone);
  if ((step.kind === 'FiveCrop' || step.kind === 'TenCrop') && size && isSameSize(walk.size, size)) {
    report('views-alike', 'warning');
  }
  walk.size = size;
}

function checkStatistics(statistics: Statistics, backbone: BackboneInput, report: Report): void {
  const { mean, std } = resolveStatistics(statistics, backbone);
  if (std.some((value) => value <= 0)) report('bad-range', 'error', { field: 'std', expected: '> 0' });
  if (!isClose(mean, backbone.mean) || !isClose(std, backbone.std)) report('statistics-differ', 'warning');
}

// Generic so that TypeScript keeps kind and parameters paired while it looks the kind up.
function badRangesOf<K extends LeafKind>(step: LeafOf<K>): readonly BadRange[] {
  return stepKindRecords[step.kind].badRanges(step.parameters);
}

function sizeAfter<K extends LeafKind>(step: LeafOf<K>, before: SureSize, { inputSize }: BackboneInput): SureSize {
  return stepKindRecords[step.kind].sizeAfter(step.parameters, before, inputSize);
}

function finish(walk: Walk, backbone: BackboneInput): void {
  const report = (
    code: PipelineProblem['code'],
    severity: 'error' | 'warning',
    facts: PipelineProblem['facts'] = {},
  ): void => {
    walk.problems.push({ stepId: null, severity, code, facts });
  };
  if (walk.value === 'picture') report('no-tensor', 'error');
  else if (!walk.isNormalized) report('no-normalize', 'warning');
  if (walk.size === null) report('unknown-size', 'error', { size: backbone.inputSize });
  else if (walk.size[0] !== backbone.inputSize || walk.size[1] !== backbone.inputSize) {
    report('size-differs', 'error', { height: walk.size[0], width: walk.size[1], size: backbone.inputSize });
  }
}

function isClose(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, index) => Math.abs(value - (b[index] ?? Number.NaN)) < 1e-3);
}
