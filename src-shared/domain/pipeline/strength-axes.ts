import { aroundOne, aroundZero, type Ends } from './steps/fields.ts';
import type { LeafStep, PipelineStep, StepKind, StepOf, StepParameters } from './steps.ts';

/** One setting of a random step, as it can be tried alone at a chosen strength. */
export interface StrengthAxis {
  readonly step: PipelineStep;
  /** torchvision's name of the setting; null where the step as a whole happens or does not. */
  readonly field: string | null;
  readonly range: StrengthRange | null;
  /** The step with this setting at the value, for certain, and everything else of it without effect. */
  readonly at: (value: number) => PipelineStep;
  /** The step with the setting kept inside these ends; switched off where there is no setting. */
  readonly within: (low: number, high: number) => PipelineStep;
}

/** Where a setting's strengths lie; the neutral one changes nothing. */
export interface StrengthRange {
  readonly low: number;
  readonly high: number;
  readonly neutral: number;
  readonly isWhole: boolean;
}

/** The ends of a range as a setting can have them: its neutral strength may lie outside of what it draws, and then nothing does nothing. */
export function endsWithin({ low, high }: StrengthRange, [from, to]: Ends): Ends {
  return [inside(from, low, high), inside(to, low, high)];
}

/** The settings of one step; none where nothing of it has an effect. */
export function axesOf(step: LeafStep): readonly StrengthAxis[] {
  switch (step.kind) {
    case 'RandomRotation':
      return ends(step, 'degrees', 0, aroundZero(step.parameters.degrees));
    case 'ColorJitter':
      return jitterAxes(step);
    case 'RandomAffine':
      return affineAxes(step);
    case 'RandomPerspective':
      return upTo(step, 'distortion_scale', 0, { p: 1 });
    case 'ElasticTransform':
      return typeof step.parameters.alpha === 'number' ? upTo(step, 'alpha', 0) : [asItIs(step)];
    case 'GaussianBlur':
      return typeof step.parameters.sigma === 'number' ? [asItIs(step)] : ends(step, 'sigma', 0, step.parameters.sigma);
    case 'RandomResizedCrop':
      return ends(step, 'scale', 1, step.parameters.scale);
    case 'RandomErasing':
      return ends(step, 'scale', 0, step.parameters.scale, { p: 1 });
    case 'RandomPosterize':
      return upTo(step, 'bits', 8, { p: 1 }, true);
    case 'RandomSolarize':
      return upTo(step, 'threshold', 256, { p: 1 });
    case 'RandomAdjustSharpness':
      return upTo(step, 'sharpness_factor', 1, { p: 1 });
    case 'RandAugment':
      return upTo(step, 'magnitude', 0, {}, true);
    case 'RandomHorizontalFlip':
    case 'RandomVerticalFlip':
    case 'RandomGrayscale':
    case 'RandomInvert':
    case 'RandomAutocontrast':
    case 'RandomEqualize':
      return [asItIs(step, { p: 1 })];
    default:
      return [asItIs(step)];
  }
}

function changed(step: LeafStep, parameters: Readonly<Record<string, unknown>>): PipelineStep {
  // Each caller names settings of the step's own kind, with values that its schema allows.
  return { ...step, parameters: { ...step.parameters, ...parameters } } as PipelineStep;
}

/** A step without a strength of its own; `certain` makes sure that it happens. */
function asItIs(step: LeafStep, certain: Readonly<Record<string, unknown>> = {}): StrengthAxis {
  return {
    step,
    field: null,
    range: null,
    at: () => changed(step, certain),
    within: () => ({ ...step, isEnabled: false }),
  };
}

/** A setting that is drawn between two ends. */
function ends<K extends StepKind>(
  step: StepOf<K> & LeafStep,
  field: keyof StepParameters[K] & string,
  neutral: number,
  [low, high]: Ends,
  certain: Readonly<Record<string, unknown>> = {},
): readonly StrengthAxis[] {
  if (low === neutral && high === neutral) return [];
  return [
    {
      step,
      field,
      range: { low, high, neutral, isWhole: false },
      at: (strength) => changed(step, { ...certain, [field]: [strength, strength] }),
      within: (from, to) => changed(step, { [field]: [inside(from, low, high), inside(to, low, high)] }),
    },
  ];
}

function inside(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** A setting that is one number: tried from the neutral strength to what it is. */
function upTo<K extends StepKind>(
  step: StepOf<K> & LeafStep,
  field: keyof StepParameters[K] & string,
  neutral: number,
  certain: Readonly<Record<string, unknown>> = {},
  isWhole = false,
): readonly StrengthAxis[] {
  const value = Number(step.parameters[field as keyof typeof step.parameters]);
  if (value === neutral) return [];
  return [
    {
      step,
      field,
      range: { low: Math.min(value, neutral), high: Math.max(value, neutral), neutral, isWhole },
      at: (strength) => changed(step, { ...certain, [field]: strength }),
      within: (from, to) => changed(step, { [field]: value > neutral ? to : from }),
    },
  ];
}

function jitterAxes(step: StepOf<'ColorJitter'>): readonly StrengthAxis[] {
  const still = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };
  const { brightness, contrast, saturation, hue } = step.parameters;
  return [
    ...ends(step, 'brightness', 1, aroundOne(brightness), still),
    ...ends(step, 'contrast', 1, aroundOne(contrast), still),
    ...ends(step, 'saturation', 1, aroundOne(saturation), still),
    ...ends(step, 'hue', 0, aroundZero(hue), still),
  ];
}

/** What is tried of a shear is the one along x; what is drawn along y stays. */
function keepAlongX(step: StepOf<'RandomAffine'>, { range }: StrengthAxis): StrengthAxis['within'] {
  const { shear } = step.parameters;
  const alongY = typeof shear === 'object' && shear !== null ? shear.slice(2) : [];
  return (low, high) =>
    changed(step, { shear: [...(range ? endsWithin(range, [low, high]) : [low, high]), ...alongY] });
}

/** Moves have no certain strength: a share of the side is the most that is drawn. */
function affineAxes(step: StepOf<'RandomAffine'>): readonly StrengthAxis[] {
  const { degrees, translate, scale, shear } = step.parameters;
  const still = { degrees: [0, 0], translate: null, scale: null, shear: null };
  const most = translate === null ? 0 : Math.max(...translate);
  const alongX = typeof shear === 'object' && shear !== null ? ([shear[0], shear[1]] as const) : aroundZero(shear ?? 0);
  return [
    ...ends(step, 'degrees', 0, aroundZero(degrees), still),
    ...(most === 0
      ? []
      : [
          {
            step,
            field: 'translate',
            range: { low: 0, high: most, neutral: 0, isWhole: false },
            at: (share: number) => changed(step, { ...still, translate: [share, share] }),
            within: (_low: number, high: number) => changed(step, { translate: [high, high] }),
          },
        ]),
    ...(scale === null ? [] : ends(step, 'scale', 1, scale, still)),
    ...ends(step, 'shear', 0, alongX, still).map((axis) => ({ ...axis, within: keepAlongX(step, axis) })),
  ];
}
