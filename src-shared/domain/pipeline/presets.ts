import * as v from 'valibot';
import { classicTraining, createStep, type Pipeline } from './pipeline.ts';
import type { PipelineStep, StepKind, StepParameters } from './steps.ts';

/** Lists to begin with, from the plainest to the strongest. */
export const presetNames = ['classic', 'light', 'medium', 'strong', 'reference', 'reference-wide'] as const;
export const presetSchema = v.picklist(presetNames);
export type PresetName = v.InferOutput<typeof presetSchema>;

/** Both lists of a preset. */
export function presetLists(preset: PresetName): Pick<Pipeline, 'training' | 'evaluation'> {
  return { training: presets[preset], evaluation: [...square, ...numbers] };
}

/**
 * How torchvision trains its own classifiers (references/classification/presets.py): a crop of random area and ratio, a flip, an automatic
 * augmentation where there is one, and erasing of a tenth of the images at the end.
 */
function reference(...augmentation: readonly PipelineStep[]): readonly PipelineStep[] {
  return [step('RandomResizedCrop'), flip, ...augmentation, ...numbers, step('RandomErasing', { p: 0.1 })];
}

const square = [step('Resize'), step('CenterCrop')];
const numbers = [step('ToTensor'), step('Normalize')];
const flip = step('RandomHorizontalFlip');

const presets: Readonly<Record<PresetName, readonly PipelineStep[]>> = {
  classic: classicTraining,
  light: [
    ...square,
    flip,
    step('RandomCrop', { padding: 8, padding_mode: 'reflect' }),
    step('ColorJitter', { brightness: 0.1, contrast: 0.1 }),
    ...numbers,
  ],
  medium: [
    ...square,
    flip,
    step('RandomRotation', { degrees: 15, interpolation: 'bilinear' }),
    step('RandomCrop', { padding: 16, padding_mode: 'reflect' }),
    step('ColorJitter', { brightness: 0.2, contrast: 0.2, saturation: 0.2 }),
    ...numbers,
  ],
  strong: [
    ...square,
    flip,
    step('RandomRotation', { degrees: 30, interpolation: 'bilinear' }),
    step('RandomCrop', { padding: 32, padding_mode: 'reflect' }),
    step('ColorJitter', { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }),
    step('RandomGrayscale'),
    ...numbers,
  ],
  reference: reference(),
  'reference-wide': reference(step('TrivialAugmentWide', { interpolation: 'bilinear' })),
};

function step<K extends StepKind>(kind: K, changed: Partial<StepParameters[K]> = {}): PipelineStep {
  const made = createStep(kind, kind.toLowerCase());
  // The parameters are those of the kind by the signature, which TypeScript cannot follow into the union.
  return { ...made, parameters: { ...made.parameters, ...changed } } as unknown as PipelineStep;
}
