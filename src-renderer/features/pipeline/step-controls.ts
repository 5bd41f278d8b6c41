import { fourSides } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import type { StepKind } from '../../../src-shared/domain/pipeline/steps.ts';
import type { MessageKey } from '../../messages/messages.ts';

/** One, two or four numbers, or none: how many is chosen first. */
export interface NumbersControlParts {
  /** 0 is no value at all. */
  readonly counts: readonly (0 | 1 | 2 | 4)[];
  /** What two and four numbers are. */
  readonly names: { readonly 2?: readonly MessageKey[]; readonly 4?: readonly MessageKey[] };
  /** What they are when there were none before: four, of which the first ones are taken. */
  readonly initial: readonly [number, number, number, number];
  /** One number s stands for from −s to s. */
  readonly isAroundZero?: boolean;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
}

export type NumbersField = 'padding' | 'scale' | 'ratio' | 'translate' | 'shear' | 'alpha' | 'sigma' | 'kernel_size';
export type AmountField = 'distortion_scale' | 'bits' | 'threshold' | 'sharpness_factor';

/** How one parameter of a step is edited. `field` is torchvision's name for it. */
export type Control =
  | { readonly type: 'probability'; readonly field: string }
  | { readonly type: 'size'; readonly field: string; readonly meaning: 'shorter-side' | 'square' }
  | { readonly type: 'jitter'; readonly field: 'brightness' | 'contrast' | 'saturation' | 'hue' }
  | { readonly type: 'degrees'; readonly field: string }
  | ({ readonly type: 'numbers'; readonly field: NumbersField } & NumbersControlParts)
  | {
      readonly type: 'amount';
      readonly field: AmountField;
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly defaultValue: number;
    }
  | { readonly type: 'erasing-value'; readonly field: string }
  | {
      readonly type: 'choice';
      readonly field: 'interpolation' | 'padding_mode' | 'policy';
      readonly options: readonly string[];
    }
  | { readonly type: 'switch'; readonly field: 'antialias' | 'expand' | 'pad_if_needed' | 'all_ops' | 'vertical_flip' }
  | {
      readonly type: 'number';
      readonly field: NumberField;
      readonly min: number;
      readonly max: number;
      readonly step: number;
    }
  | { readonly type: 'fill'; readonly field: string }
  | { readonly type: 'longest-side'; readonly field: string }
  | { readonly type: 'center'; readonly field: string }
  | { readonly type: 'statistics'; readonly field: string }
  | { readonly type: 'weights'; readonly field: string };

const paddingMode: Control = {
  type: 'choice',
  field: 'padding_mode',
  options: ['constant', 'edge', 'reflect', 'symmetric'],
};
const padding = {
  type: 'numbers',
  field: 'padding',
  names: {
    2: ['pipeline.sides', 'pipeline.topBottom'],
    4: ['pipeline.left', 'pipeline.top', 'pipeline.right', 'pipeline.bottom'],
  },
  initial: [4, 4, 4, 4],
  min: 0,
  max: 4096,
  step: 1,
  unit: 'px',
} as const;
const ends = { 2: ['pipeline.from', 'pipeline.to'] } as const;
const alongAxes = { 2: ['pipeline.alongX', 'pipeline.alongY'] } as const;
const ratio: Control = {
  ...{ type: 'numbers', field: 'ratio', counts: [2], names: ends, initial: [1, 1, 1, 1] },
  ...{ min: 0.01, max: 100, step: 0.05 },
};
const areaShare: Control = {
  ...{ type: 'numbers', field: 'scale', counts: [2], names: ends, initial: [0, 1, 0, 1] },
  ...{ min: 0, max: 1, step: 0.01 },
};
const interpolation: Control = {
  type: 'choice',
  field: 'interpolation',
  options: ['nearest', 'bilinear', 'bicubic'],
};
const twoInterpolations: Control = { ...interpolation, options: ['nearest', 'bilinear'] };
const antialias: Control = { type: 'switch', field: 'antialias' };
const verticalFlip: Control = { type: 'switch', field: 'vertical_flip' };
const center: Control = { type: 'center', field: 'center' };
const fill: Control = { type: 'fill', field: 'fill' };
const probability: Control = { type: 'probability', field: 'p' };

/** Parameters that are one number. */
type NumberField =
  'num_ops' | 'magnitude' | 'num_magnitude_bins' | 'severity' | 'mixture_width' | 'chain_depth' | 'alpha';

const bins: Control = { type: 'number', field: 'num_magnitude_bins', min: 2, max: 100, step: 1 };

/** The controls of each kind of step, in the order in which they are shown. */
export const stepControls: { readonly [K in StepKind]: readonly Control[] } = {
  Resize: [
    { type: 'size', field: 'size', meaning: 'shorter-side' },
    interpolation,
    { type: 'longest-side', field: 'max_size' },
    antialias,
  ],
  CenterCrop: [{ type: 'size', field: 'size', meaning: 'square' }],
  RandomCrop: [
    { type: 'size', field: 'size', meaning: 'square' },
    { ...padding, counts: [0, 1, 2, 4] },
    { type: 'switch', field: 'pad_if_needed' },
    paddingMode,
    fill,
  ],
  RandomResizedCrop: [{ type: 'size', field: 'size', meaning: 'square' }, areaShare, ratio, interpolation, antialias],
  Pad: [{ ...padding, counts: [1, 2, 4] }, paddingMode, fill],
  RandomHorizontalFlip: [probability],
  RandomVerticalFlip: [probability],
  RandomRotation: [
    { type: 'degrees', field: 'degrees' },
    twoInterpolations,
    { type: 'switch', field: 'expand' },
    center,
    fill,
  ],
  RandomAffine: [
    { type: 'degrees', field: 'degrees' },
    {
      ...{ type: 'numbers', field: 'translate', counts: [0, 2], names: alongAxes, initial: [0.1, 0.1, 0.1, 0.1] },
      ...{ min: 0, max: 1, step: 0.01 },
    },
    {
      ...{ type: 'numbers', field: 'scale', counts: [0, 2], names: ends, initial: [0.9, 1.1, 0.9, 1.1] },
      ...{ min: 0.01, max: 100, step: 0.05 },
    },
    {
      ...{ type: 'numbers', field: 'shear', counts: [0, 1, 2, 4], initial: [10, 10, 10, 10], isAroundZero: true },
      names: { ...ends, 4: ['pipeline.fromX', 'pipeline.toX', 'pipeline.fromY', 'pipeline.toY'] },
      ...{ min: -89, max: 89, step: 1, unit: '°' },
    },
    interpolation,
    center,
    fill,
  ],
  RandomPerspective: [
    { type: 'amount', field: 'distortion_scale', min: 0, max: 1, step: 0.01, defaultValue: 0.5 },
    probability,
    interpolation,
    fill,
  ],
  ElasticTransform: [
    {
      ...{ type: 'numbers', field: 'alpha', counts: [1, 2], names: alongAxes, initial: [50, 50, 50, 50] },
      ...{ min: 0, max: 1000, step: 1 },
    },
    {
      ...{ type: 'numbers', field: 'sigma', counts: [1, 2], names: alongAxes, initial: [5, 5, 5, 5] },
      ...{ min: 0.1, max: 100, step: 0.5, unit: 'px' },
    },
    twoInterpolations,
    fill,
  ],
  ColorJitter: [
    { type: 'jitter', field: 'brightness' },
    { type: 'jitter', field: 'contrast' },
    { type: 'jitter', field: 'saturation' },
    { type: 'jitter', field: 'hue' },
  ],
  Grayscale: [],
  RandomGrayscale: [probability],
  RandomInvert: [probability],
  RandomPosterize: [{ type: 'amount', field: 'bits', min: 0, max: 8, step: 1, defaultValue: 4 }, probability],
  RandomSolarize: [{ type: 'amount', field: 'threshold', min: 0, max: 256, step: 1, defaultValue: 128 }, probability],
  RandomAutocontrast: [probability],
  RandomEqualize: [probability],
  RandomAdjustSharpness: [
    { type: 'amount', field: 'sharpness_factor', min: 0, max: 10, step: 0.1, defaultValue: 2 },
    probability,
  ],
  GaussianBlur: [
    {
      ...{ type: 'numbers', field: 'kernel_size', counts: [1, 2], initial: [5, 5, 5, 5] },
      names: { 2: ['pipeline.width', 'pipeline.height'] },
      ...{ min: 1, max: 99, step: 2, unit: 'px' },
    },
    {
      ...{ type: 'numbers', field: 'sigma', counts: [1, 2], names: ends, initial: [0.1, 2, 0.1, 2] },
      ...{ min: 0.01, max: 100, step: 0.1, unit: 'px' },
    },
  ],
  AutoAugment: [{ type: 'choice', field: 'policy', options: ['imagenet', 'cifar10', 'svhn'] }, interpolation, fill],
  RandAugment: [
    { type: 'number', field: 'num_ops', min: 1, max: 14, step: 1 },
    { type: 'number', field: 'magnitude', min: 0, max: 100, step: 1 },
    bins,
    interpolation,
    fill,
  ],
  TrivialAugmentWide: [bins, interpolation, fill],
  AugMix: [
    { type: 'number', field: 'severity', min: 1, max: 10, step: 1 },
    { type: 'number', field: 'mixture_width', min: 1, max: 10, step: 1 },
    { type: 'number', field: 'chain_depth', min: -1, max: 10, step: 1 },
    { type: 'number', field: 'alpha', min: 0.01, max: 100, step: 0.1 },
    { type: 'switch', field: 'all_ops' },
    twoInterpolations,
    fill,
  ],
  ToTensor: [],
  Normalize: [{ type: 'statistics', field: 'statistics' }],
  RandomErasing: [probability, areaShare, ratio, { type: 'erasing-value', field: 'value' }],
  FiveCrop: [{ type: 'size', field: 'size', meaning: 'square' }],
  TenCrop: [{ type: 'size', field: 'size', meaning: 'square' }, verticalFlip],
  FlipViews: [verticalFlip],
  RandomApply: [probability],
  RandomChoice: [{ type: 'weights', field: 'p' }],
  RandomOrder: [],
  Compose: [],
};

/** The same with more or fewer numbers, or none (null). */
export function withCount(
  numbers: readonly number[],
  count: number,
  { initial, isAroundZero = false }: Pick<NumbersControlParts, 'initial' | 'isAroundZero'>,
): number | readonly number[] | null {
  if (count === 0) return null;
  const [first = initial[0], second] = numbers;
  if (isAroundZero) {
    const strength = Math.max(Math.abs(first), Math.abs(second ?? first));
    if (count === 1) return strength;
    const pair = second === undefined ? [-strength, strength] : [first, second];
    return [...pair, ...pair].slice(0, count);
  }
  const all = numbers.length === 0 ? initial : fourSides(numbers);
  return count === 1 ? all[0] : all.slice(0, count);
}
