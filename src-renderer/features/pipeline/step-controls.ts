import type { StepKind } from '../../../src-shared/domain/pipeline/steps.ts';

/** How one parameter of a step is edited. `field` is torchvision's name for it. */
export type Control =
  | { readonly type: 'probability'; readonly field: string }
  | { readonly type: 'size'; readonly field: string; readonly meaning: 'shorter-side' | 'square' }
  | { readonly type: 'jitter'; readonly field: 'brightness' | 'contrast' | 'saturation' | 'hue' }
  | { readonly type: 'degrees'; readonly field: string }
  | { readonly type: 'padding'; readonly field: string; readonly isOptional: boolean }
  | {
      readonly type: 'choice';
      readonly field: 'interpolation' | 'padding_mode' | 'policy';
      readonly options: readonly string[];
    }
  | { readonly type: 'switch'; readonly field: 'antialias' | 'expand' | 'pad_if_needed' | 'all_ops' }
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
const fill: Control = { type: 'fill', field: 'fill' };
const probability: Control = { type: 'probability', field: 'p' };

/** Parameters that are one number. */
type NumberField =
  'num_ops' | 'magnitude' | 'num_magnitude_bins' | 'severity' | 'mixture_width' | 'chain_depth' | 'alpha';

const interpolation: Control = {
  type: 'choice',
  field: 'interpolation',
  options: ['nearest', 'bilinear', 'bicubic'],
};
const bins: Control = { type: 'number', field: 'num_magnitude_bins', min: 2, max: 100, step: 1 };

/** The controls of each kind of step, in the order in which they are shown. */
export const stepControls: { readonly [K in StepKind]: readonly Control[] } = {
  Resize: [
    { type: 'size', field: 'size', meaning: 'shorter-side' },
    interpolation,
    { type: 'longest-side', field: 'max_size' },
    { type: 'switch', field: 'antialias' },
  ],
  CenterCrop: [{ type: 'size', field: 'size', meaning: 'square' }],
  RandomCrop: [
    { type: 'size', field: 'size', meaning: 'square' },
    { type: 'padding', field: 'padding', isOptional: true },
    { type: 'switch', field: 'pad_if_needed' },
    paddingMode,
    fill,
  ],
  Pad: [{ type: 'padding', field: 'padding', isOptional: false }, paddingMode, fill],
  RandomHorizontalFlip: [probability],
  RandomVerticalFlip: [probability],
  RandomRotation: [
    { type: 'degrees', field: 'degrees' },
    { type: 'choice', field: 'interpolation', options: ['nearest', 'bilinear'] },
    { type: 'switch', field: 'expand' },
    { type: 'center', field: 'center' },
    fill,
  ],
  ColorJitter: [
    { type: 'jitter', field: 'brightness' },
    { type: 'jitter', field: 'contrast' },
    { type: 'jitter', field: 'saturation' },
    { type: 'jitter', field: 'hue' },
  ],
  RandomGrayscale: [probability],
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
    { type: 'choice', field: 'interpolation', options: ['nearest', 'bilinear'] },
    fill,
  ],
  ToTensor: [],
  Normalize: [{ type: 'statistics', field: 'statistics' }],
  RandomApply: [probability],
  RandomChoice: [{ type: 'weights', field: 'p' }],
  RandomOrder: [],
  Compose: [],
};
