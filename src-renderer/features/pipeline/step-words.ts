import * as v from 'valibot';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import {
  isContainer,
  viewsOfKind,
  type ContainerStep,
  type PipelineStep,
  type StepKind,
} from '../../../src-shared/domain/pipeline/steps.ts';
import { aroundOne, aroundZero, type Fill, type Size } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import type { I18n } from '../../state/i18n.svelte.ts';

/** Names that fit under a small picture. */
export const shortNames: Readonly<Record<StepKind, string>> = {
  Resize: 'Resize',
  CenterCrop: 'CenterCrop',
  RandomCrop: 'Crop',
  RandomResizedCrop: 'ResizedCrop',
  Pad: 'Pad',
  RandomHorizontalFlip: 'HFlip',
  RandomVerticalFlip: 'VFlip',
  RandomRotation: 'Rotation',
  RandomAffine: 'Affine',
  RandomPerspective: 'Perspective',
  ElasticTransform: 'Elastic',
  ColorJitter: 'Jitter',
  Grayscale: 'Grayscale',
  RandomGrayscale: 'Grayscale',
  RandomInvert: 'Invert',
  RandomPosterize: 'Posterize',
  RandomSolarize: 'Solarize',
  RandomAutocontrast: 'Autocontrast',
  RandomEqualize: 'Equalize',
  RandomAdjustSharpness: 'Sharpness',
  GaussianBlur: 'Blur',
  AutoAugment: 'AutoAug',
  RandAugment: 'RandAug',
  TrivialAugmentWide: 'Trivial',
  AugMix: 'AugMix',
  ToTensor: 'ToTensor',
  Normalize: 'Normalize',
  RandomErasing: 'Erasing',
  FiveCrop: 'FiveCrop',
  TenCrop: 'TenCrop',
  FlipViews: 'FlipViews',
  RandomApply: 'Apply',
  RandomChoice: 'Choice',
  RandomOrder: 'Order',
  Compose: 'Compose',
};

/** Why there is no picture of a step, as the key of the words. */
export function whyNotRun(step: { readonly isUsed: boolean; readonly isLeftOut: boolean }) {
  if (!step.isUsed) return 'pipeline.notRun';
  return step.isLeftOut ? 'pipeline.leftOut' : 'pipeline.stopped';
}

/** What a step does with its parameters, in one line. */
export function wordStep(step: PipelineStep, i18n: I18n, inputSize: number): string {
  const { t } = i18n;
  if (isContainer(step)) return step.steps.length === 0 ? t('pipeline.argsNothing') : wordContainer(step, i18n);
  switch (step.kind) {
    case 'Resize':
      return t('pipeline.argsResize', {
        size: wordSize(step.parameters.size, i18n, inputSize),
        interpolation: step.parameters.interpolation,
      });
    case 'CenterCrop':
      return wordSize(step.parameters.size, i18n, inputSize);
    case 'RandomCrop': {
      const size = wordSize(step.parameters.size, i18n, inputSize);
      const { padding } = step.parameters;
      return padding === null ? size : t('pipeline.argsPadded', { size, padding: wordNumbers(padding) });
    }
    case 'Pad':
      return `${wordNumbers(step.parameters.padding)} px, ${step.parameters.padding_mode}`;
    case 'RandomHorizontalFlip':
    case 'RandomVerticalFlip':
    case 'RandomGrayscale':
    case 'RandomInvert':
    case 'RandomAutocontrast':
    case 'RandomEqualize':
      return wordShare(step.parameters.p, i18n);
    case 'RandomPosterize':
      return `${step.parameters.bits} bit, ${wordShare(step.parameters.p, i18n)}`;
    case 'RandomSolarize':
      return `≥ ${signed(step.parameters.threshold)}, ${wordShare(step.parameters.p, i18n)}`;
    case 'RandomAdjustSharpness':
      return `× ${signed(step.parameters.sharpness_factor)}, ${wordShare(step.parameters.p, i18n)}`;
    case 'RandomPerspective':
      return `${signed(step.parameters.distortion_scale)}, ${wordShare(step.parameters.p, i18n)}`;
    case 'RandomErasing':
      return `${wordAreas(step.parameters.scale, i18n)}, ${wordShare(step.parameters.p, i18n)}`;
    case 'RandomResizedCrop':
      return `${wordSize(step.parameters.size, i18n, inputSize)}, ${wordAreas(step.parameters.scale, i18n)}`;
    case 'ElasticTransform':
      return `α ${wordNumbers(step.parameters.alpha)}, σ ${wordNumbers(step.parameters.sigma)} px`;
    case 'GaussianBlur':
      return `${wordNumbers(step.parameters.kernel_size, ' × ')} px, σ ${wordNumbers(step.parameters.sigma, '…')}`;
    case 'Grayscale':
      return t('pipeline.argsGrayscale');
    case 'RandomAffine':
    case 'RandomRotation':
      return `${wordDegrees(step.parameters.degrees, i18n)}, ${step.parameters.interpolation}`;
    case 'ColorJitter':
      return wordJitter(step.parameters, i18n);
    case 'AutoAugment':
      return t('pipeline.argsAutoAugment', { policy: step.parameters.policy });
    case 'RandAugment':
      return t('pipeline.argsRandAugment', {
        count: step.parameters.num_ops,
        magnitude: step.parameters.magnitude,
        most: step.parameters.num_magnitude_bins - 1,
      });
    case 'TrivialAugmentWide':
      return t('pipeline.argsTrivialAugmentWide');
    case 'AugMix':
      return t('pipeline.argsAugMix', { width: step.parameters.mixture_width, severity: step.parameters.severity });
    case 'FiveCrop':
    case 'TenCrop':
      return t('pipeline.argsCrops', {
        count: viewsOfKind(step.kind),
        size: wordSize(step.parameters.size, i18n, inputSize),
      });
    case 'FlipViews':
      return t('pipeline.argsFlipViews');
    case 'ToTensor':
      return t('pipeline.argsToTensor');
    case 'Normalize':
      return wordStatistics(step.parameters.statistics, i18n);
    default:
      return assertNever(step, 'step');
  }
}

function wordContainer(step: ContainerStep, { t, percent }: I18n): string {
  switch (step.kind) {
    case 'RandomApply':
      return t('pipeline.argsApply', { share: percent(step.parameters.p, 0), count: step.steps.length });
    case 'RandomChoice':
      return t('pipeline.argsChoice', { count: step.steps.length });
    case 'RandomOrder':
      return t('pipeline.argsOrder', { count: step.steps.length });
    case 'Compose':
      return t('pipeline.argsCompose', { count: step.steps.length });
    default:
      return assertNever(step, 'container');
  }
}

function wordShare(p: number, i18n: I18n): string {
  return i18n.t('pipeline.argsProbability', { share: i18n.percent(p, 0) });
}

function wordAreas([least, most]: readonly [number, number], i18n: I18n): string {
  return i18n.t('pipeline.argsArea', { low: i18n.percent(least, 0), high: i18n.percent(most, 0) });
}

function wordNumbers(value: number | readonly number[], between = ', '): string {
  return typeof value === 'number' ? signed(value) : value.map((number) => signed(number)).join(between);
}

export function wordSize(size: Size, i18n: I18n, inputSize: number): string {
  if (size === 'backbone') return i18n.t('pipeline.sizeBackbone', { size: inputSize });
  return typeof size === 'number' ? `${String(size)} px` : `${String(size[0])} × ${String(size[1])} px`;
}

/** Both ends of a rotation, with a true minus. */
export function wordDegrees(degrees: number | readonly [number, number], i18n: I18n): string {
  const [low, high] = aroundZero(degrees);
  return i18n.t('pipeline.range', { low: `${signed(low)}°`, high: `${signed(high)}°` });
}

/** The colour of a fill as #rrggbb. */
export function fillToHex(fill: Fill): string {
  const [red, green, blue] = typeof fill === 'number' ? [fill, fill, fill] : fill;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

export function hexToFill(hex: string): Fill {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const [red = 0, green = 0, blue = 0] = parts;
  return red === green && green === blue ? red : [red, green, blue];
}

/** A strength, or both ends. */
export const endsSchema = v.union([v.number(), v.pipe(v.strictTuple([v.number(), v.number()]), v.readonly())]);

/** The ends that a strength means: a factor around 1 for jitters, a shift around 0 for hue and rotation. */
export function endsOf(
  value: number | readonly [number, number],
  field: 'brightness' | 'contrast' | 'saturation' | 'hue' | 'degrees',
): readonly [number, number] {
  return field === 'hue' || field === 'degrees' ? aroundZero(value) : aroundOne(value);
}

/** What the strengths of a step mean, as ends; empty for steps without any. */
export function wordRanges(
  step: PipelineStep,
  i18n: I18n,
): readonly { readonly name: string; readonly range: string }[] {
  const { t } = i18n;
  if (step.kind === 'RandomRotation' || step.kind === 'RandomAffine') {
    return [{ name: t('pipeline.fieldDegrees'), range: wordDegrees(step.parameters.degrees, i18n) }];
  }
  if (step.kind !== 'ColorJitter') return [];
  const { brightness, contrast, saturation, hue } = step.parameters;
  const times = ([low, high]: readonly [number, number]): string =>
    t('pipeline.times', { low: low.toFixed(2), high: high.toFixed(2) });
  const [lowTurn, highTurn] = endsOf(hue, 'hue');
  return [
    { name: t('pipeline.fieldBrightness'), range: times(endsOf(brightness, 'brightness')) },
    { name: t('pipeline.fieldContrast'), range: times(endsOf(contrast, 'contrast')) },
    { name: t('pipeline.fieldSaturation'), range: times(endsOf(saturation, 'saturation')) },
    { name: t('pipeline.fieldHue'), range: wordDegrees([lowTurn * 360, highTurn * 360], i18n) },
  ];
}

/** A number with at most two digits and a true minus. */
export function signed(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits))).replace('-', '−');
}

function wordJitter(parameters: Readonly<Record<string, number | readonly [number, number]>>, i18n: I18n): string {
  const active = Object.entries(parameters).filter(([, value]) => value !== 0);
  if (active.length === 0) return i18n.t('pipeline.argsNothing');
  const words = active.map(
    ([name, value]) =>
      `${name} ${typeof value === 'number' ? signed(value) : value.map((end) => signed(end)).join('…')}`,
  );
  const rest = words.length > 2 ? `, +${String(words.length - 2)}` : '';
  return words.slice(0, 2).join(', ') + rest;
}

function wordStatistics(
  statistics: Extract<PipelineStep, { kind: 'Normalize' }>['parameters']['statistics'],
  i18n: I18n,
): string {
  if (statistics === 'backbone') return i18n.t('pipeline.statisticsBackbone');
  return i18n.t(statistics === 'imagenet' ? 'pipeline.statisticsImagenet' : 'pipeline.statisticsCustom');
}
