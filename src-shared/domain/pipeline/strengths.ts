import { deriveEvaluation } from './pipeline.ts';
import { isRandomKind, type PipelineStep, type StepOf } from './steps.ts';

/** One setting of a random step, as it can be tried alone at a chosen strength. */
export interface StrengthAxis {
  readonly step: PipelineStep;
  /** torchvision's name of the setting; null where the step as a whole happens or does not. */
  readonly field: string | null;
  readonly range: StrengthRange | null;
  /** The step with this setting at the value, for certain, and everything else of it without effect. */
  readonly at: (value: number) => PipelineStep;
  /** The step with the setting kept inside these ends. */
  readonly within: (low: number, high: number) => PipelineStep;
}

/** Where a setting's strengths lie; the neutral one changes nothing. */
export interface StrengthRange {
  readonly low: number;
  readonly high: number;
  readonly neutral: number;
  readonly isWhole: boolean;
}

/** A list of steps to judge images with, and which strength of which axis it stands for. */
export interface StrengthTrial {
  readonly axis: number;
  /** Null where the axis has no range. */
  readonly value: number | null;
  readonly steps: readonly PipelineStep[];
}

/** Every setting of the random steps of a training list that can be tried. */
export function strengthAxes(training: readonly PipelineStep[]): readonly StrengthAxis[] {
  return training.filter(({ isEnabled, kind }) => isEnabled && isRandomKind(kind)).flatMap(axesOf);
}

/**
 * For each axis about `valuesPerAxis` strengths over its range, without the neutral one. In each trial one step is random no
 * more but has that strength, and the other random steps are left out as they are in evaluation.
 */
export function strengthTrials(
  training: readonly PipelineStep[],
  axes: readonly StrengthAxis[],
  valuesPerAxis: number,
): readonly StrengthTrial[] {
  return axes.flatMap(({ step, range, at }, axis) => {
    const index = training.indexOf(step);
    const trial = (value: number | null): StrengthTrial => ({
      axis,
      value,
      steps: [
        ...deriveEvaluation(training.slice(0, index)),
        at(value ?? 1),
        ...deriveEvaluation(training.slice(index + 1)),
      ],
    });
    return range ? spread(range, valuesPerAxis).map(trial) : [trial(null)];
  });
}

/**
 * Strengths by rising value, without the neutral one and without repeats. They lie at (k / n)² of the way from the neutral strength to each
 * end, or from the end that is nearer to it: what is safe mostly ends closer to it than to the far end.
 */
export function spread({ low, high, neutral, isWhole }: StrengthRange, count: number): readonly number[] {
  const start = Math.min(Math.max(neutral, low), high);
  const sides = [low, high].filter((end) => end !== start);
  const perSide = Math.max(1, Math.floor(count / Math.max(1, sides.length)));
  const values = sides.flatMap((end) =>
    Array.from({ length: perSide }, (_, index) => start + (end - start) * ((index + 1) / perSide) ** 2),
  );
  const shown = [start, ...values].map((value) => (isWhole ? Math.round(value) : Number(value.toPrecision(3))));
  return [...new Set(shown)].filter((value) => value !== neutral).sort((one, other) => one - other);
}

function axesOf(step: PipelineStep): readonly StrengthAxis[] {
  switch (step.kind) {
    case 'RandomRotation':
      return [rotationAxis(step)];
    case 'ColorJitter':
      return (['brightness', 'contrast', 'saturation', 'hue'] as const).flatMap((field) => jitterAxis(step, field));
    default:
      return [certainAxis(step, (p) => withProbability(step, p))];
  }
}

/** With this probability, where it has one. */
function withProbability(step: PipelineStep, p: number): PipelineStep {
  // The p of RandomChoice are weights.
  if (!('p' in step.parameters) || typeof step.parameters.p !== 'number') return step;
  // Kind and parameters stay paired here; TypeScript loses the pairing when a union is rebuilt.
  return { ...step, parameters: { ...step.parameters, p } } as PipelineStep;
}

/** A step without strengths; `certain` makes its probability 1. */
function certainAxis(step: PipelineStep, certain: (p: number) => PipelineStep): StrengthAxis {
  return { step, field: null, range: null, at: certain, within: () => ({ ...step, isEnabled: false }) };
}

function rotationAxis(step: StepOf<'RandomRotation'>): StrengthAxis {
  const [low, high] = aroundZero(step.parameters.degrees);
  const turned = (degrees: readonly [number, number]): PipelineStep => ({
    ...step,
    parameters: { ...step.parameters, degrees },
  });
  return {
    step,
    field: 'degrees',
    range: { low, high, neutral: 0, isWhole: false },
    at: (value) => turned([value, value]),
    within: (from, to) => turned([from, to]),
  };
}

function jitterAxis(
  step: StepOf<'ColorJitter'>,
  field: 'brightness' | 'contrast' | 'saturation' | 'hue',
): readonly StrengthAxis[] {
  const strength = step.parameters[field];
  const neutral = field === 'hue' ? 0 : 1;
  const [low, high] = typeof strength === 'number' ? [neutral - strength, neutral + strength] : strength;
  if (low === high && low === neutral) return [];
  const still = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };
  return [
    {
      step,
      field,
      range: { low: field === 'hue' ? low : Math.max(0, low), high, neutral, isWhole: false },
      at: (value) => ({ ...step, parameters: { ...still, [field]: [value, value] } }),
      within: (from, to) => ({ ...step, parameters: { ...step.parameters, [field]: [from, to] } }),
    },
  ];
}

function aroundZero(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [-value, value] : value;
}
