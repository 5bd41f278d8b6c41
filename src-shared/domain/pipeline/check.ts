import { resolveStatistics, type BackboneInput } from './resolve.ts';
import type { PipelinePart } from './pipeline.ts';
import { isRandomKind, type PipelineStep, type Size } from './steps.ts';

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
  /** [height, width] once every image is sure to have it, else null. */
  size: readonly [number, number] | null;
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

function visit(walk: Walk, step: PipelineStep, { part, backbone, position }: Place): void {
  const report = (
    code: PipelineProblem['code'],
    severity: PipelineProblem['severity'] = 'error',
    facts: PipelineProblem['facts'] = {},
  ): void => {
    walk.problems.push({ stepId: step.id, severity, code, facts: { step: position, kind: step.kind, ...facts } });
  };
  if (part === 'evaluation' && isRandomKind(step.kind)) report('random-in-evaluation');
  if (step.kind === 'Normalize') {
    if (walk.value === 'picture') report('needs-tensor');
    else if (walk.isNormalized) report('twice');
    walk.isNormalized = true;
    const { mean, std } = resolveStatistics(step.parameters.statistics, backbone);
    if (std.some((value) => value <= 0)) report('bad-range', 'error', { field: 'std', expected: '> 0' });
    if (!isClose(mean, backbone.mean) || !isClose(std, backbone.std)) report('statistics-differ', 'warning');
    return;
  }
  if (walk.value === 'tensor') {
    report(step.kind === 'ToTensor' ? 'twice' : 'needs-picture');
    return;
  }
  if (step.kind === 'ToTensor') walk.value = 'tensor';
  checkRanges(step, report);
  walk.size = sizeAfter(step, walk.size, backbone);
}

function checkRanges(
  step: PipelineStep,
  report: (code: PipelineProblem['code'], severity: 'error', facts: PipelineProblem['facts']) => void,
): void {
  for (const [field, value] of Object.entries(step.parameters)) {
    const isRange = ['degrees', 'brightness', 'contrast', 'saturation', 'hue'].includes(field) && Array.isArray(value);
    if (isRange && Number(value[0]) > Number(value[1])) {
      report('bad-range', 'error', { field, expected: 'min ≤ max' });
    }
  }
  if (step.kind === 'Resize' && step.parameters.max_size !== null) {
    const { size, max_size: maxSize } = step.parameters;
    if (Array.isArray(size) || (typeof size === 'number' && maxSize <= size)) {
      report('bad-range', 'error', { field: 'max_size', expected: '> size' });
    }
  }
}

function sizeAfter(step: PipelineStep, before: Walk['size'], backbone: BackboneInput): Walk['size'] {
  switch (step.kind) {
    case 'Resize':
      // One number keeps the ratio, so the longer side depends on the image.
      if (Array.isArray(step.parameters.size)) return square(step.parameters.size, backbone);
      return before !== null && before[0] === before[1] ? square(step.parameters.size, backbone) : null;
    case 'RandomCrop':
    case 'CenterCrop':
      return square(step.parameters.size, backbone);
    case 'RandomRotation':
      return step.parameters.expand ? null : before;
    case 'Pad': {
      const [left, top, right, bottom] = fourSides(step.parameters.padding);
      return before === null ? null : [before[0] + top + bottom, before[1] + left + right];
    }
    default:
      return before;
  }
}

/** [left, top, right, bottom] of torchvision's three ways to give a padding, in pixels. */
export function fourSides(padding: number | readonly number[]): readonly [number, number, number, number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  const [left = 0, top = left, right = left, bottom = top] = padding;
  return [left, top, right, bottom];
}

function square(size: Size, backbone: BackboneInput): readonly [number, number] {
  if (size === 'backbone') return [backbone.inputSize, backbone.inputSize];
  return typeof size === 'number' ? [size, size] : size;
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
