import { resolveStatistics, type BackboneInput } from './resolve.ts';
import type { PipelinePart } from './pipeline.ts';
import type { Statistics } from './steps/normalize.ts';
import type { BadRange, SureSize } from './steps/step-kind.ts';
import { stepKindRecords, type PipelineStep, type StepKind, type StepOf } from './steps.ts';

/** Something about a step that a person should know before it runs; `code` picks the words, `facts` fill them. */
export interface PipelineProblem {
  /** The step it is about; null when it is about the list as a whole. */
  readonly stepId: string | null;
  readonly severity: 'error' | 'warning';
  readonly code:
    | 'needs-tensor'
    | 'needs-picture'
    | 'random-in-evaluation'
    | 'bad-range'
    | 'no-tensor'
    | 'no-normalize'
    | 'unknown-size'
    | 'size-differs'
    | 'statistics-differ'
    | 'twice';
  readonly facts: Readonly<Record<string, string | number>>;
}

interface Walk {
  readonly problems: PipelineProblem[];
  value: 'picture' | 'tensor';
  size: SureSize;
  isNormalized: boolean;
}

/** Finds wrong orders, ranges and risky choices in one list of a pipeline, without running it. */
export function checkSteps(
  steps: readonly PipelineStep[],
  part: PipelinePart,
  backbone: BackboneInput,
): readonly PipelineProblem[] {
  const walk: Walk = { problems: [], value: 'picture', size: null, isNormalized: false };
  steps.forEach((step, index) => {
    if (step.isEnabled) visit(walk, step, { part, backbone, position: index + 1 });
  });
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
  readonly position: number;
}

type Report = (
  code: PipelineProblem['code'],
  severity?: PipelineProblem['severity'],
  facts?: PipelineProblem['facts'],
) => void;

function visit(walk: Walk, step: PipelineStep, { part, backbone, position }: Place): void {
  const report: Report = (code, severity = 'error', facts = {}) => {
    walk.problems.push({ stepId: step.id, severity, code, facts: { step: position, kind: step.kind, ...facts } });
  };
  const { input, isRandom } = stepKindRecords[step.kind];
  if (part === 'evaluation' && isRandom) report('random-in-evaluation');
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
  if (step.kind === 'ToTensor') walk.value = 'tensor';
  walk.size = sizeAfter(step, walk.size, backbone);
}

function checkStatistics(statistics: Statistics, backbone: BackboneInput, report: Report): void {
  const { mean, std } = resolveStatistics(statistics, backbone);
  if (std.some((value) => value <= 0)) report('bad-range', 'error', { field: 'std', expected: '> 0' });
  if (!isClose(mean, backbone.mean) || !isClose(std, backbone.std)) report('statistics-differ', 'warning');
}

// Generic so that TypeScript keeps kind and parameters paired while it looks the kind up.
function badRangesOf<K extends StepKind>(step: StepOf<K>): readonly BadRange[] {
  return stepKindRecords[step.kind].badRanges(step.parameters);
}

function sizeAfter<K extends StepKind>(step: StepOf<K>, before: SureSize, { inputSize }: BackboneInput): SureSize {
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
